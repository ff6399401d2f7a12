import Glibc

extension Terminal {
    /// Waits for a line that a person types; the wait ends when the run is to stop.
    ///
    /// - Returns: The line without its end; what there is if the input ends before.
    /// - Throws: `CancellationError`.
    func typedLine() async throws -> String {
        do {
            return try await Self.line()
        } catch {
            // The cursor stands behind the question.
            talk("\n")
            throw error
        }
    }

    /// Reads by itself: the library's reading of a line cannot be broken off.
    private static func line() async throws -> String {
        let lineBreak = UInt8(ascii: "\n")
        var typed: [UInt8] = []
        while typed.last != lineBreak {
            while !hasInput { try await Task.sleep(for: .milliseconds(50)) }
            try Task.checkCancellation()
            var byte: UInt8 = 0
            let count = read(STDIN_FILENO, &byte, 1)
            if count < 0, errno == EINTR || errno == EAGAIN { continue }
            guard count > 0 else { break }
            typed.append(byte)
        }
        if typed.last == lineBreak { typed.removeLast() }
        return String(decoding: typed, as: UTF8.self)
    }

    /// Whether reading would not wait; so it is, too, where there is nothing to read from any more.
    private static var hasInput: Bool {
        var input = pollfd(fd: STDIN_FILENO, events: Int16(POLLIN), revents: 0)
        return poll(&input, 1, 0) > 0
    }
}
