public import CloudHSM
internal import CSimdJSON

/// Who holds a state directory, for people to read; never used to decide.
public struct LockOwner: Hashable, Sendable, Codable {
    /// The process.
    public let pid: Int32

    /// The machine the process runs on.
    public let host: String

    /// What it does, such as `apply`.
    public let operation: String

    /// Since when.
    public let since: Timestamp

    /// Describes an owner.
    ///
    /// - Parameters:
    ///   - pid: The process.
    ///   - host: The machine it runs on.
    ///   - operation: What it does.
    ///   - since: Since when.
    public init(pid: Int32, host: String, operation: String, since: Timestamp) {
        self.pid = pid
        self.host = host
        self.operation = operation
        self.since = since
    }
}

extension LockOwner: CustomStringConvertible {
    /// The owner in words.
    public var description: String {
        "`\(operation.printable(upTo: 60))` (process \(pid) on \(host.printable(upTo: 60)), "
            + "since \(since))"
    }
}

/// What a run says of itself when it asks for a state directory to write to.
public struct LockRequest: Hashable, Sendable {
    /// What it does, such as `apply`.
    public let operation: String

    /// The present moment, by the machine's clock.
    public let since: Timestamp

    /// How long to wait for another run at most.
    public let patience: Duration

    /// Describes a request.
    ///
    /// - Parameters:
    ///   - operation: What the run does, such as `apply`.
    ///   - since: The present moment, by the machine's clock.
    ///   - patience: How long to wait for another run at most; not at all unless told.
    public init(for operation: String, since: Timestamp, waitingAtMost patience: Duration = .zero) {
        self.operation = operation
        self.since = since
        self.patience = patience
    }
}

extension LockOwner {
    private enum Key: Int, RecordKey {
        case host, operation, pid, since
        static let names: [StaticString] = ["host", "operation", "pid", "since"]
    }

    /// Reads what another run left about itself; `nil` if it cannot be made out.
    static func read(from directory: HeldDirectory, named name: String) -> LockOwner? {
        let parser = JSONParser()
        let record = JSONRecord<Key>()
        guard
            (try? directory.load(name, into: parser)) == true,
            let root = try? parser.parse(file: name), (try? record.read(root)) != nil,
            let pid = try? record.integer(.pid),
            let host = try? record.string(.host),
            let operation = try? record.string(.operation),
            let since = try? record.timestamp(.since)
        else { return nil }
        return LockOwner(
            pid: Int32(truncatingIfNeeded: pid),
            host: host,
            operation: operation,
            since: since
        )
    }
}
