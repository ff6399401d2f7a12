/// Does something for every element, so many at a time; results come in the order of the elements.
///
/// - Parameters:
///   - elements: The elements.
///   - width: How many at a time, 1 or more.
///   - work: What is done.
/// - Returns: The results.
/// - Throws: What the work throws first; the rest is cancelled then.
package func sideBySide<Element: Sendable, Value: Sendable>(
    _ elements: [Element],
    width: Int,
    _ work: @escaping @Sendable (Element) async throws -> Value
) async throws -> [Value] {
    let outcomes = await outcomes(of: elements, width: width, stopsAtFailure: true, work)
    for outcome in outcomes { if case .firstFailure(let error) = outcome { throw error } }
    return try outcomes.compactMap { try $0.result?.get() }
}

/// Does something for every element, so many at a time, each with its outcome: what fails for one
/// disturbs no other.
///
/// - Parameters:
///   - elements: The elements.
///   - width: How many at a time, 1 or more.
///   - work: What is done.
/// - Returns: The outcomes, in the order of the elements.
package func outcomesSideBySide<Element: Sendable, Value: Sendable>(
    _ elements: [Element],
    width: Int,
    _ work: @escaping @Sendable (Element) async throws -> Value
) async -> [Result<Value, any Error>] {
    await outcomes(of: elements, width: width, stopsAtFailure: false, work)
        .compactMap(\.result)
}

/// How the work for one element ended.
///
/// A struct that is made once nothing is awaited any more, and never a tuple: the compiler's
/// optimiser loses the first part of a tuple that a task returns if the second is awaited
/// (swiftlang/swift pull requests 91911 and 92155).
private struct Finished<Value: Sendable>: Sendable {
    let index: Int
    let result: Result<Value, any Error>
}

/// What is known of an element's work.
private enum WorkOutcome<Value: Sendable>: Sendable {
    /// It was not begun, because something failed before.
    case notBegun
    case ended(Result<Value, any Error>)
    /// What made everything stop.
    case firstFailure(any Error)

    var result: Result<Value, any Error>? {
        switch self {
        case .notBegun: nil
        case .ended(let result): result
        case .firstFailure(let error): .failure(error)
        }
    }
}

private func outcomes<Element: Sendable, Value: Sendable>(
    of elements: [Element],
    width: Int,
    stopsAtFailure: Bool,
    _ work: @escaping @Sendable (Element) async throws -> Value
) async -> [WorkOutcome<Value>] {
    await withTaskGroup(of: Finished<Value>.self) { group in
        var outcomes = [WorkOutcome<Value>](repeating: .notBegun, count: elements.count)
        var waiting = elements.indices.makeIterator()
        let begin = { (group: inout TaskGroup<Finished<Value>>, index: Int) in
            let element = elements[index]
            group.addTask {
                let result: Result<Value, any Error>
                do {
                    result = .success(try await work(element))
                } catch {
                    result = .failure(error)
                }
                return Finished(index: index, result: result)
            }
        }
        for _ in 0..<max(width, 1) {
            guard let index = waiting.next() else { break }
            begin(&group, index)
        }
        var hasFailed = false
        while let finished = await group.next() {
            outcomes[finished.index] = .ended(finished.result)
            if stopsAtFailure, !hasFailed, case .failure(let error) = finished.result {
                hasFailed = true
                outcomes[finished.index] = .firstFailure(error)
                group.cancelAll()
            }
            guard !hasFailed, let next = waiting.next() else { continue }
            begin(&group, next)
        }
        return outcomes
    }
}
