/// Lets so many programs run at once: hundreds of tests begin together, and each waits for its own.
actor Turnstile {
    static let shared = Turnstile(width: 6)

    private var free: Int
    private var waiting: [CheckedContinuation<Void, Never>] = []

    init(width: Int) {
        free = width
    }

    /// Does something once it is its turn.
    ///
    /// - Parameter body: What is done; it must not wait for another one's turn.
    /// - Returns: What the body returns.
    /// - Throws: What the body throws.
    nonisolated func through<Value: Sendable>(
        _ body: () async throws -> Value
    ) async throws -> Value {
        await enter()
        do {
            let value = try await body()
            await leave()
            return value
        } catch {
            await leave()
            throw error
        }
    }

    private func enter() async {
        if free > 0 {
            free -= 1
        } else {
            await withCheckedContinuation { waiting.append($0) }
        }
    }

    private func leave() {
        if waiting.isEmpty {
            free += 1
        } else {
            waiting.removeFirst().resume()
        }
    }
}
