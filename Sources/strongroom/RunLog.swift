import Logging

/// What a run says of its own doings, on standard error, when it is asked to.
struct RunLog: LogHandler {
    var logLevel: Logger.Level
    var metadata: Logger.Metadata = [:]
    var metadataProvider: Logger.MetadataProvider?

    private let terminal: Terminal

    /// A logger whose lines go where the talk about the run goes.
    ///
    /// - Parameters:
    ///   - terminal: The two streams.
    ///   - level: The least level that is shown.
    /// - Returns: The logger.
    static func logger(on terminal: Terminal, from level: Logger.Level) -> Logger {
        Logger(label: "strongroom") { _ in RunLog(logLevel: level, terminal: terminal) }
    }

    private init(logLevel: Logger.Level, terminal: Terminal) {
        self.logLevel = logLevel
        self.terminal = terminal
    }

    subscript(metadataKey key: String) -> Logger.Metadata.Value? {
        get { metadata[key] }
        set { metadata[key] = newValue }
    }

    func log(event: LogEvent) {
        let all = metadata.merging(event.metadata ?? [:]) { _, own in own }
        let facts = all.sorted { $0.key < $1.key }.map { " \($0.key)=\($0.value)" }.joined()
        terminal.say("\(event.level): \(event.message)\(facts)")
    }
}
