public import CloudHSM
internal import CSimdJSON
internal import Foundation
internal import Glibc

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

    /// Tells this taking of the lock from every other.
    public let lock: String?

    /// The machine's start, as its kernel names it.
    public let boot: String?

    /// When the process was started, in the kernel's ticks since the machine's start.
    public let started: String?

    /// Where the job that runs it can be looked at.
    public let job: String?

    /// The digest of the saved plan it carries out.
    public let plan: String?

    /// Describes an owner.
    ///
    /// - Parameters:
    ///   - pid: The process.
    ///   - host: The machine it runs on.
    ///   - operation: What it does.
    ///   - since: Since when.
    ///   - lock: Tells this taking of the lock from every other.
    ///   - boot: The machine's start, as its kernel names it.
    ///   - started: When the process was started, in ticks since the machine's start.
    ///   - job: Where the job that runs it can be looked at.
    ///   - plan: The digest of the saved plan it carries out.
    public init(
        pid: Int32,
        host: String,
        operation: String,
        since: Timestamp,
        lock: String? = nil,
        boot: String? = nil,
        started: String? = nil,
        job: String? = nil,
        plan: String? = nil
    ) {
        self.pid = pid
        self.host = host
        self.operation = operation
        self.since = since
        self.lock = lock
        self.boot = boot
        self.started = started
        self.job = job
        self.plan = plan
    }
}

extension LockOwner: CustomStringConvertible {
    /// The owner in words.
    public var description: String {
        "`\(operation.printable(upTo: 60))` (process \(pid) on \(host.printable(upTo: 60)), "
            + "since \(since)\(job.map { ", \($0.printable(upTo: 200))" } ?? ""))"
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

    /// Where the job that runs it can be looked at.
    public let job: String?

    /// The digest of the saved plan it carries out.
    public let plan: String?

    /// Describes a request.
    ///
    /// - Parameters:
    ///   - operation: What the run does, such as `apply`.
    ///   - since: The present moment, by the machine's clock.
    ///   - patience: How long to wait for another run at most; not at all unless told.
    ///   - job: Where the job that runs it can be looked at.
    ///   - plan: The digest of the saved plan it carries out.
    public init(
        for operation: String,
        since: Timestamp,
        waitingAtMost patience: Duration = .zero,
        job: String? = nil,
        plan: String? = nil
    ) {
        self.operation = operation
        self.since = since
        self.patience = patience
        self.job = job
        self.plan = plan
    }

    /// Where the job can be looked at that a CI system runs this in.
    ///
    /// - Parameter environment: The process's environment: `CI_JOB_URL` as GitLab sets it, or the
    ///   three variables that GitHub Actions sets.
    /// - Returns: Its address; `nil` if the environment names none.
    public static func job(in environment: [String: String]) -> String? {
        if let url = environment["CI_JOB_URL"], !url.isEmpty { return url }
        guard
            let server = environment["GITHUB_SERVER_URL"],
            let repository = environment["GITHUB_REPOSITORY"],
            let run = environment["GITHUB_RUN_ID"]
        else { return nil }
        return "\(server)/\(repository)/actions/runs/\(run)"
    }
}

extension LockOwner {
    private enum Key: Int, RecordKey {
        case boot, host, job, lock, operation, pid, plan, since, started
        static let names: [StaticString] = [
            "boot", "host", "job", "lock", "operation", "pid", "plan", "since", "started",
        ]
    }

    /// Describes this process.
    init(of request: LockRequest, on host: String) {
        var generator = SystemRandomNumberGenerator()
        self.init(
            pid: getpid(),
            host: host,
            operation: request.operation,
            since: request.since,
            lock: LineageID(using: &generator).description,
            boot: Self.firstLine(of: "/proc/sys/kernel/random/boot_id"),
            started: Self.started(in: Self.firstLine(of: "/proc/self/stat")),
            job: request.job,
            plan: request.plan
        )
    }

    /// Leaves the note.
    func write(to directory: HeldDirectory, named name: String) throws(StateError) {
        let text: String
        do {
            text = try JSONText.pretty(self) + "\n"
        } catch {
            throw .unwritable(file: directory.path(of: name), reason: "\(error)")
        }
        try directory.replace(name, with: Array(text.utf8))
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
            since: since,
            lock: try? record.string(.lock),
            boot: try? record.string(.boot),
            started: try? record.string(.started),
            job: try? record.string(.job),
            plan: try? record.string(.plan)
        )
    }

    /// The machine's name.
    static func hostName() -> String {
        var name = [CChar](repeating: 0, count: 256)
        guard gethostname(&name, name.count - 1) == 0 else { return "an unnamed host" }
        let bytes = name.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }
        return String(decoding: bytes, as: UTF8.self)
    }

    private static func firstLine(of path: String) -> String? {
        let text = try? String(contentsOfFile: path, encoding: .utf8)
        return text?.split(separator: "\n").first.map(String.init)
    }

    /// The 22nd field of proc(5)'s stat; the second, a name in brackets, may hold spaces.
    private static func started(in line: String?) -> String? {
        guard let end = line?.lastIndex(of: ")"), let line else { return nil }
        let fields = line[line.index(after: end)...].split(separator: " ")
        return fields.count > 19 ? String(fields[19]) : nil
    }
}
