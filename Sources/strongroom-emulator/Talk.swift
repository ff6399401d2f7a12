import Glibc
import StrongroomText

/// The two streams: what the emulator is asked for goes to standard output, the rest to standard
/// error.
///
/// Nothing in either steers a terminal or commands a pipeline.
enum Talk {
    /// Writes a result at once.
    ///
    /// - Parameter text: The text, its last newline included.
    static func show(_ text: String) { write(text, to: STDOUT_FILENO) }

    /// Says something about the run.
    ///
    /// - Parameter text: One line.
    static func say(_ text: String) {
        write(text + "\n", to: STDERR_FILENO)
    }

    private static func write(_ text: String, to descriptor: Int32) {
        var rest = Array(ShownText.page(text).utf8)[...]
        while !rest.isEmpty {
            let written = rest.withUnsafeBytes { Glibc.write(descriptor, $0.baseAddress, $0.count) }
            if written < 0, errno == EINTR { continue }
            // A reader that went away is no failure of the run.
            guard written > 0 else { return }
            rest = rest.dropFirst(written)
        }
    }
}
