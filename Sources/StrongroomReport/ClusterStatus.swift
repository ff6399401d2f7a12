public import CloudHSM
public import StrongroomModel

/// How one cluster stands.
public struct ClusterStatus: Hashable, Sendable, Codable {
    /// The manifest's name for it, or our tag's.
    public let name: String?

    /// The account it lives in.
    public let account: AccountID

    /// The Region it lives in.
    public let region: Region

    /// Its id; absent while it does not exist.
    public let cluster: ClusterID?

    /// How it stands to the manifests.
    public let standing: GroupPlan.Standing

    /// Its state; absent where no cluster is known.
    public let state: ClusterState?

    /// The service's free text about the state.
    public let stateMessage: String?

    /// Its HSMs' type.
    public let hsmType: HSMType?

    /// Its retention policy in days; absent where it is unmanaged or no cluster is known.
    public let retentionDays: Int?

    /// Its HSMs.
    public let hsms: HSMStatus

    /// Its backups by Region, home first.
    public let regions: [RegionStatus]

    /// The backups kept by name.
    public let recoveryPoints: [RecoveryPointStatus]

    /// What a purge has left to do; absent where none is asked for.
    public let purge: PurgeStatus?

    /// The signing request that waits for a person; absent where none does.
    public let signing: SigningStatus?

    /// How many steps are to be done.
    public let planned: Int

    /// What waits.
    public let waiting: [PlannedNote]

    /// What is held.
    public let held: [PlannedNote]

    /// What rests on what could not be read.
    public let unread: [PlannedNote]

    /// What changed since the last run although nothing is to be done about it.
    public let noticed: [PlannedNote]

    /// Whether its home Region could be read whole: else it may well be there, unseen.
    public let isHomeRead: Bool

    /// When the last run saw it; absent where none did, or where that cannot be read.
    public let lastRun: Timestamp?

    /// Looks at one cluster.
    ///
    /// - Parameters:
    ///   - group: The cluster and its backups as observed; `nil` while there is none.
    ///   - desired: What its manifest says; `nil` where none names it.
    ///   - plan: Its plan; gives name and place where the other two do not.
    ///   - entries: The journal entries that matter still, for what was recorded.
    ///   - unreadPlaces: Places that could not be read whole, and why.
    ///   - now: The moment reported on.
    ///   - lastRun: When the last run saw it.
    public init(
        of group: ProtectionGroup?,
        desired: DesiredCluster?,
        plan: GroupPlan,
        entries: [JournalEntry] = [],
        unreadPlaces: [Place: UnreadReason] = [:],
        now: Timestamp,
        lastRun: Timestamp? = nil
    ) {
        let cluster = group?.cluster
        name = plan.subject.name
        account = plan.subject.home.account
        region = plan.subject.home.region
        self.cluster = plan.subject.cluster
        standing = plan.standing
        state = cluster?.state
        stateMessage = cluster?.stateMessage
        hsmType = cluster?.hsmType
        retentionDays = cluster?.retention.lifetime.map { Int($0.components.seconds / 86_400) }
        hsms = HSMStatus(of: group?.livingCluster, desired: desired?.hsms?.value)
        let blind = UnreadRegions(of: group, under: plan, places: unreadPlaces)
        regions = RegionStatus.all(
            of: group,
            home: plan.subject.home.region,
            desired: desired,
            unread: blind,
            now: now
        )
        let points = desired?.recoveryPoints ?? []
        let records = RecoveryPointRecords(points.isEmpty ? [] : entries)
        recoveryPoints = points.map {
            RecoveryPointStatus(
                $0,
                in: group,
                home: plan.subject.home.region,
                records: records,
                unread: blind,
                now: now
            )
        }
        let unproven = blind.all(besides: regions.map(\.region))
        purge = desired?.purge.map {
            PurgeStatus($0.value, in: group, unproven: unproven, now: now)
        }
        signing = SigningStatus(of: cluster, desired: desired?.initialization?.value)
        planned = plan.steps.count
        waiting = plan.notes.filter { $0.kind == .waiting }.map(PlannedNote.init)
        held = plan.notes.filter { $0.kind == .held }.map(PlannedNote.init)
        unread = plan.notes.filter { $0.kind == .unread }.map(PlannedNote.init)
        noticed = plan.notes.filter { $0.kind == .noticed }.map(PlannedNote.init)
        self.lastRun = lastRun
        isHomeRead = unreadPlaces[plan.subject.home] == nil
    }

    /// What the report is about.
    public var subject: PlanSubject {
        PlanSubject(name: name, home: Place(account: account, region: region), cluster: cluster)
    }

    /// Whether the newest backup or copy is older than asked in some Region.
    public var isStale: Bool { regions.contains { $0.freshness == .stale } }

    /// Whether it is in service with no HSM.
    public var isParked: Bool { state == .active && hsms.present == 0 }

    /// Whether nobody could look whether there is a cluster, or how it stands.
    public var isUnread: Bool { state == nil && (!isHomeRead || !unread.isEmpty) }

    /// Whether something of it could not be read, or all.
    public var isReadInPart: Bool {
        !isHomeRead || !unread.isEmpty || regions.contains { $0.freshness == .unread }
    }
}
