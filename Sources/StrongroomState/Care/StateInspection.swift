internal import CloudHSM
internal import Foundation
internal import StrongroomModel

/// Everything of a state directory read, without changing anything.
public struct StateInspection: Sendable {
    /// What was found, by location.
    public let faults: [StateFault]

    /// How many groups were read.
    public let groupCount: Int

    /// How many records of the journal were read.
    public let recordCount: Int

    /// Reads everything, the groups on all cores.
    ///
    /// - Parameter path: The state directory.
    public init(of path: String) async {
        var findings = Findings()
        do throws(StateError) {
            guard let root = try HeldDirectory.open(path) else { throw .noDirectory(path: path) }
            await findings.inspect(root)
        } catch {
            findings.add(StateFault(error, at: path))
        }
        faults = findings.faults.sorted { $0.location < $1.location }
        groupCount = findings.groupCount
        recordCount = findings.recordCount
    }

    /// What a repair can do, in the order it has to be done.
    public var mends: [StateMend] {
        let all = Set(faults.compactMap(\.mend))
        return all.sorted { $0.order < $1.order }
    }

    /// Whether something cannot be used.
    public var isDamaged: Bool { faults.contains(where: \.isDamage) }
}

extension StateMend {
    fileprivate var order: String {
        switch self {
        case .separate(let file): "0 \(file)"
        case .setAside(let file, _): "1 \(file)"
        case .rebuildIndex: "2"
        case .rebuildHeads: "3"
        case .restartJournal(let file): "4 \(file)"
        case .tidy: "5"
        }
    }
}

/// What is found while a state is read.
private struct Findings {
    var faults: [StateFault] = []
    var groupCount = 0
    var recordCount = 0

    mutating func add(_ fault: StateFault) { faults.append(fault) }

    mutating func inspect(_ root: HeldDirectory) async {
        let format = inspectFormat(root)
        inspectFiles(root)
        inspectNames(root)
        let groups = inspectIndex(root)
        await inspectGroups(groups, in: root)
        guard let format else { return }
        if format.version < StateFormat.newest {
            inspectOldJournal(root)
        } else {
            inspectJournal(root)
        }
    }

    /// Runs a part; what it throws is a fault.
    private mutating func noting<Value>(
        at location: String,
        mend: StateMend? = nil,
        _ part: () throws(StateError) -> Value
    ) -> Value? {
        do throws(StateError) {
            return try part()
        } catch {
            add(StateFault(error, at: location, mend: mend))
            return nil
        }
    }

    private mutating func inspectFormat(_ root: HeldDirectory) -> StateFormat? {
        let file = root.path(of: StateFormat.fileName)
        return noting(at: file) { () throws(StateError) in
            guard let format = try StateFormat.read(from: root) else { throw .missing(file: file) }
            return format
        }
    }

    private mutating func inspectFiles(_ root: HeldDirectory) {
        let seen = StateMend.setAside(
            file: SeenFile.fileName,
            loses: "what the last run saw: who caused the differences that are open now"
        )
        _ = noting(at: root.path(of: SeenFile.fileName), mend: seen) {
            () throws(StateError) in try SeenFile.read(from: root)
        }
        let run = StateMend.setAside(
            file: RunFile.fileName,
            loses: "which run was the last: the state counts as put back from an older copy until "
                + "everything was observed anew"
        )
        _ = noting(at: root.path(of: RunFile.fileName), mend: run) {
            () throws(StateError) in try RunFile.read(from: root)
        }
        _ = noting(at: root.path(of: SimulatedWorldFile.fileName)) { () throws(StateError) in
            try SimulatedWorldFile.read(from: root)
        }
    }

    private mutating func inspectIndex(_ root: HeldDirectory) -> Set<GroupID> {
        let survey = noting(at: root.path) { () throws(StateError) in try StateSurvey(of: root) }
        let index = noting(at: root.path(of: StateIndex.fileName), mend: .rebuildIndex) {
            () throws(StateError) in try StateIndex.read(from: root)
        }
        for finding in survey?.findings(given: index ?? StateIndex()) ?? [] {
            // With a broken index nothing is listed, which is said already.
            if case .unlisted = finding, index == nil { continue }
            note(finding)
        }
        return (index?.groups ?? []).union(survey?.groups ?? [])
    }

    private mutating func note(_ finding: StateFinding) {
        add(StateFault(at: "", "\(finding)", remedy: nil, isDamage: false))
    }

    private mutating func inspectGroups(_ groups: Set<GroupID>, in root: HeldDirectory) async {
        groupCount = groups.count
        let readers = ReaderPool()
        let lanes = max(1, ProcessInfo.processInfo.activeProcessorCount)
        let sorted = groups.sorted()
        let errors = await withTaskGroup(of: [(GroupID, StateError)].self) { tasks in
            for lane in 0..<lanes {
                tasks.addTask {
                    var errors: [(GroupID, StateError)] = []
                    for index in stride(from: lane, to: sorted.count, by: lanes) {
                        do throws(StateError) {
                            _ = try readers.withReader { (reader) throws(StateError) in
                                try reader.read(sorted[index], in: root)
                            }
                        } catch {
                            errors.append((sorted[index], error))
                        }
                    }
                    return errors
                }
            }
            var all: [(GroupID, StateError)] = []
            for await errors in tasks { all += errors }
            return all
        }
        for (id, error) in errors {
            let file = root.path(of: "\(id.path).json")
            add(StateFault(error, at: file))
        }
    }

    private mutating func inspectOldJournal(_ root: HeldDirectory) {
        let old = noting(at: root.path(of: JournalDirectory.directoryName)) {
            () throws(StateError) in
            try OldJournal(of: JournalMigration.oldJournal(in: root))
        }
        recordCount = old?.entries.count ?? 0
    }

    private mutating func inspectJournal(_ root: HeldDirectory) {
        let path = root.path(of: JournalDirectory.directoryName)
        let wasCutShort = root.contains(StateLock.ownerFileName)
        let scan = noting(at: path, mend: .rebuildHeads) {
            () throws(StateError) in
            guard let journal = try root.directory(JournalDirectory.directoryName) else {
                throw .missing(file: path)
            }
            return try JournalScan(of: journal) { wasCutShort }
        }
        guard let scan else { return }
        recordCount = scan.chains.values.reduce(0) { $0 + $1.records.count }
        if let trouble = scan.headsTrouble {
            let file = "\(path)/\(JournalHeads.fileName)"
            add(StateFault(trouble, at: file, mend: .rebuildHeads))
        }
        for (part, damage) in scan.damage { add(damage, of: part, in: path) }
        for chain in scan.chains.values where chain.ending != .whole {
            addEnding(of: chain, in: path)
        }
        for stray in scan.strays { note(.stray(path: stray)) }
    }

    private mutating func add(_ damage: LocatedDamage, of part: JournalPart, in path: String) {
        let file = "\(path)/\(part.path)"
        add(
            StateFault(
                at: file + (damage.line.map { ":\($0)" } ?? ""),
                "\(damage.damage)",
                remedy: "restore the file, or see `strongroom state repair`",
                mend: .restartJournal(file: part.path)
            )
        )
    }

    private mutating func addEnding(of chain: JournalChain, in path: String) {
        add(
            StateFault(
                at: "\(path)/\(chain.part.path):\(chain.records.count + 1)",
                "is the beginning of a record that a run was writing",
                remedy: "if no run is at work, the next one that writes removes it",
                isDamage: false,
                mend: .tidy
            )
        )
    }
}

extension Findings {
    private static let ours: Set = [
        StateFormat.fileName, StateIndex.fileName, SeenFile.fileName, RunFile.fileName,
        SimulatedWorldFile.fileName, StateLock.fileName, StateLock.ownerFileName,
        JournalDirectory.directoryName, JournalMigration.oldName,
    ]

    /// Looks at names, modes and kinds, without reading.
    fileprivate mutating func inspectNames(_ root: HeldDirectory) {
        let names = noting(at: root.path) { () throws(StateError) in try root.names() } ?? []
        for name in names where !Self.ours.contains(name) && AccountID(name) == nil {
            guard !name.hasPrefix("."), !name.contains(StateRepair.mark) else { continue }
            note(.stray(path: root.path(of: name)))
        }
        let items = noting(at: root.path) { () throws(StateError) in
            try OwnerOnly.items(below: root)
        }
        for item in items ?? [] { inspect(item, in: root) }
    }

    private mutating func inspect(_ item: OwnerOnly.Item, in root: HeldDirectory) {
        let path = root.path(of: item.path)
        switch item.trouble {
        case .temporary:
            add(
                StateFault(
                    at: path,
                    "is a temporary file",
                    remedy: "if no run is at work, the next one that writes removes it",
                    isDamage: false,
                    mend: .tidy
                )
            )
        case .readable(let mode):
            add(
                StateFault(
                    at: path,
                    "can be read by others (mode \(String(mode, radix: 8)))",
                    remedy: "the next run that writes takes that away",
                    isDamage: false,
                    mend: .tidy
                )
            )
        case .secondName:
            add(
                StateFault(
                    at: path,
                    "has a second name (hard link)",
                    remedy: "put a copy in its place, or see `strongroom state repair`",
                    mend: .separate(file: item.path)
                )
            )
        }
    }
}
