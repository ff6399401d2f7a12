import CloudHSM
import StrongroomModel
import StrongroomObservation
import StrongroomSimulator
import Synchronization

/// A value written down; a wrong one stops the test.
func value<Value: LosslessStringConvertible>(_ text: String) -> Value {
    guard let value = Value(text) else { preconditionFailure("\(text) is none") }
    return value
}

let account: AccountID = value("111122223333")
let virginia: Region = value("us-east-1")
let ireland: Region = value("eu-west-1")
let mumbai: Region = value("ap-south-1")
let regions = [virginia, ireland, mumbai]
let home = Place(account: account, region: virginia)
let away = Place(account: account, region: ireland)
let noon: Timestamp = value("2026-11-23T12:00:00Z")

/// An id whose order is that of the number.
func id<Kind>(_ number: Int) -> ResourceID<Kind> {
    let letters = Array("abcdefghijklmnopqrstuvwxyz")
    var rest = number
    var suffix = ""
    for _ in 0..<11 {
        suffix = String(letters[rest % 26]) + suffix
        rest /= 26
    }
    return value("\(Kind.prefix)\(suffix)")
}

func groupID(_ number: Int, at place: Place = home) -> GroupID {
    GroupID(home: place, cluster: id(number))
}

func cluster(_ number: Int, _ change: (inout Cluster) -> Void = { _ in }) -> Cluster {
    var cluster = Cluster(
        id: id(number),
        state: .active,
        hsmType: .hsm2mMedium,
        subnets: [value("us-east-1a"): value("subnet-0a1b2c3d")],
        retention: .days(90)
    )
    cluster.hsms = [HSM(id: id(number), zone: value("us-east-1a"), state: .active)]
    change(&cluster)
    return cluster
}

func own(
    _ number: Int,
    _ state: BackupState = .ready,
    in region: Region = virginia,
    age: Duration = .hours(5)
) -> Backup {
    Backup(
        id: id(number),
        region: region,
        createdAt: noon - age,
        state: state,
        deletesAt: state == .pendingDeletion ? noon + .days(3) : nil
    )
}

func copy(
    _ number: Int,
    of source: Int,
    from: Region = virginia,
    in region: Region = ireland,
    _ state: BackupState = .ready
) -> Backup {
    Backup(
        id: id(number),
        region: region,
        createdAt: noon - .hours(5),
        state: state,
        origin: CopyOrigin(backup: id(source), region: from, copiedAt: noon - .hours(4))
    )
}

func listed(_ backup: Backup, of cluster: Int) -> ListedBackup {
    ListedBackup(cluster: id(cluster), backup: backup)
}

/// Pages as a test has written them down: each place's, in the order of their tokens.
struct ScriptedPages: Sendable {
    /// What stands in the place of a page.
    enum Page: Sendable {
        case answer(Answer)
        case failure(ServiceException)
    }

    var clusters: [Place: [Page]] = [:]
    var backups: [Place: [Page]] = [:]

    init(
        clusters: [Place: [[Cluster]]] = [:],
        backups: [Place: [[ListedBackup]]] = [:]
    ) {
        self.clusters = clusters.mapValues { pages in
            pages.enumerated().map { index, page in
                .answer(.clusters(page, nextToken: pages.token(after: index)))
            }
        }
        self.backups = backups.mapValues { pages in
            pages.enumerated().map { index, page in
                .answer(.backups(page, nextToken: pages.token(after: index)))
            }
        }
    }

    /// The page of a call; the pages of a filtered call are whole listings without a token.
    func answer(_ call: Call, _ place: Place) throws -> Answer {
        switch call {
        case .describeClusters(let call):
            let pages = clusters[place] ?? []
            guard call.filters.isEmpty else {
                let all = pages.flatMap { page -> [Cluster] in
                    guard case .answer(.clusters(let items, _)) = page else { return [] }
                    return items
                }
                return .clusters(all.filter(call.lists), nextToken: nil)
            }
            return try Self.page(call.nextToken, of: pages) ?? .clusters([], nextToken: nil)
        case .describeBackups(let call):
            let pages = backups[place] ?? []
            guard call.filters.isEmpty else {
                let all = pages.flatMap { page -> [ListedBackup] in
                    guard case .answer(.backups(let items, _)) = page else { return [] }
                    return items
                }
                return .backups(all.filter(call.lists), nextToken: nil)
            }
            return try Self.page(call.nextToken, of: pages) ?? .backups([], nextToken: nil)
        case .createCluster, .initializeCluster, .modifyCluster, .deleteCluster, .createHSM,
            .deleteHSM, .modifyBackupAttributes, .deleteBackup, .restoreBackup, .copyBackup,
            .tagResource, .untagResource, .listTags, .putResourcePolicy, .getResourcePolicy,
            .deleteResourcePolicy:
            preconditionFailure("a reader called \(call.operation)")
        }
    }

    private static func page(_ token: String?, of pages: [Page]) throws -> Answer? {
        let index = token.flatMap { Int($0) } ?? 0
        guard pages.indices.contains(index) else { return nil }
        switch pages[index] {
        case .answer(let answer): return answer
        case .failure(let failure): throw failure
        }
    }
}

extension Array {
    fileprivate func token(after index: Int) -> String? { index + 1 < count ? "\(index + 1)" : nil }
}

/// A simulated service with groups in it, whose clock is the tests'.
func simulated(
    _ groups: [ProtectionGroup] = [],
    settings: SimulatorSettings = .immediate()
) throws -> SimulatedService {
    try SimulatedService.begin(store: MemoryStore(groups), now: noon, settings: settings)
}

/// A clock that stands still.
let still: @Sendable () -> Duration = { .zero }

/// A service that is seen through pages a test has written down.
func paged(
    _ pages: ScriptedPages,
    earlier: [EarlierGroup] = [],
    limits: PageLimits = PageLimits(),
    uptime: @escaping @Sendable () -> Duration = still
) throws -> PagedService {
    PagedService(
        over: try simulated(),
        accounts: [account],
        regions: regions,
        earlier: earlier,
        limits: limits,
        uptime: uptime
    ) { try pages.answer($0, $1) }
}
