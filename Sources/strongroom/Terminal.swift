import ArgumentParser
import Foundation
import StrongroomModel
import StrongroomReport
import StrongroomText

/// The two streams: results go to standard output, talk about the run to standard error.
///
/// All text of the program leaves through here. Renderers make safe what others wrote, field by
/// field; what one of them forgot is escaped here, so that no control character but our own colours
/// and no command to a pipeline comes out.
struct Terminal {
    /// When to colour.
    enum ColourChoice: String, ExpressibleByArgument, CaseIterable {
        /// On a terminal, unless NO_COLOR is set.
        case auto
        /// Always.
        case always
        /// Never.
        case never
    }

    private let choice: ColourChoice
    private let environment: [String: String]

    init(
        colour choice: ColourChoice,
        environment: [String: String] = ProcessInfo.processInfo.environment
    ) {
        self.choice = choice
        self.environment = environment
    }

    /// Whether results are coloured.
    var resultColour: Colour { colour(of: STDOUT_FILENO) }

    /// Whether talk about the run is coloured.
    var talkColour: Colour { colour(of: STDERR_FILENO) }

    /// Whether talk about the run goes to a person's terminal that can move its cursor.
    var isTalkLive: Bool { isatty(STDERR_FILENO) == 1 && environment["TERM"] != "dumb" }

    /// Whether a person can be asked.
    var canAsk: Bool { isatty(STDIN_FILENO) == 1 && isatty(STDERR_FILENO) == 1 }

    /// The columns of results; a pull request or a log shows about 100.
    var resultWidth: Int { size(of: STDOUT_FILENO)?.columns ?? 100 }

    /// The size of the terminal the talk goes to.
    var talkSize: (columns: Int, rows: Int) { size(of: STDERR_FILENO) ?? (100, 24) }

    /// Writes a result; one that is lost is told of where the command ends.
    ///
    /// - Parameters:
    ///   - text: The result.
    ///   - subject: What it is about.
    func show(_ text: String, about subject: LostResult.Subject = .answer) {
        guard let code = write(text, to: STDOUT_FILENO) else { return }
        LostResult.note(subject, because: code)
    }

    /// Writes a result that is a JSON document.
    func show(_ json: [UInt8]) { show(String(decoding: json, as: UTF8.self)) }

    /// Says something about the run.
    func say(_ line: SaidLine) { write(line.text + "\n", to: STDERR_FILENO) }

    /// Shows a rendered text about the run as it is, without ending the line.
    func talk(_ text: String) { write(text, to: STDERR_FILENO) }

    /// Clears the last lines of the talk, with the cursor below them, on a terminal that is live.
    func takeBack(lines: Int) {
        guard isTalkLive else { return }
        Self.write(Array("\u{1B}[\(lines)A\u{1B}[0J".utf8), to: STDERR_FILENO)
    }

    private func colour(of descriptor: Int32) -> Colour {
        switch choice {
        case .always: return .always
        case .never: return .never
        case .auto:
            // https://no-color.org: any non-empty value means no colour.
            let isWelcome = (environment["NO_COLOR"] ?? "").isEmpty
            return isWelcome && isatty(descriptor) == 1 && environment["TERM"] != "dumb"
                ? .always : .never
        }
    }

    private func size(of descriptor: Int32) -> (columns: Int, rows: Int)? {
        var window = winsize()
        guard
            isatty(descriptor) == 1,
            ioctl(descriptor, UInt(TIOCGWINSZ), &window) == 0, window.ws_col > 0
        else { return nil }
        return (Int(window.ws_col), Int(max(window.ws_row, 4)))
    }

    @discardableResult
    private func write(_ text: String, to descriptor: Int32) -> Int32? {
        let safe = ShownText.page(text, keeping: colour(of: descriptor).sequences)
        return Self.write(Array(safe.utf8), to: descriptor)
    }

    /// Writes everything.
    ///
    /// - Returns: The system's reason why that was not possible; `nil` if it was.
    @discardableResult
    private static func write(_ bytes: [UInt8], to descriptor: Int32) -> Int32? {
        var rest = bytes[...]
        while !rest.isEmpty {
            let written = rest.withUnsafeBytes { Glibc.write(descriptor, $0.baseAddress, $0.count) }
            guard written <= 0 else {
                rest = rest.dropFirst(written)
                continue
            }
            let code = written < 0 ? errno : EIO
            switch code {
            case EINTR: continue
            case EAGAIN:
                // Whoever shares the stream made it one that does not wait.
                var stream = pollfd(fd: descriptor, events: Int16(POLLOUT), revents: 0)
                poll(&stream, 1, -1)
            default: return code
            }
        }
        return nil
    }
}

extension Terminal {
    /// Says whose turn it is, if somebody's is.
    ///
    /// - Parameters:
    ///   - plan: What is left.
    ///   - next: What is to be typed next.
    func sayTurn(in plan: Plan, _ next: NextCommand) {
        if let turn = TurnText.line(for: plan, next: next) { say("\(turn)") }
    }
}
