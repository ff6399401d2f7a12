public import CloudHSM
public import StrongroomModel

/// What a saved plan is for: the manifests, the state, the service and the tool it was made with.
///
/// Anywhere else it is refused.
public struct PlanBinding: Hashable, Sendable, Codable {
    /// SHA-256 over what the manifests mean: ``ManifestMeaning``.
    public let manifests: String

    /// Which service.
    public let service: ServiceKind

    /// The service's address, where it is not the usual one.
    public let endpoint: String?

    /// The accounts it may touch, sorted.
    public let accounts: [AccountID]

    /// The state directory's lineage.
    public let lineage: String

    /// The state's timeline, which is a new one after it was put back; absent before its first run.
    public let timeline: String?

    /// How often the state's lock had been taken.
    public let epoch: Int?

    /// The version of Strongroom.
    public let tool: String

    /// From when on the plan cannot be applied any more.
    public let expires: Timestamp

    /// How many equal plans for the same were carried out before, so that each is agreed to anew.
    public let repetition: Int

    /// Binds a plan.
    ///
    /// - Parameters:
    ///   - fleet: What the manifests say.
    ///   - endpoint: The service's address, where it is not the usual one.
    ///   - lineage: The state directory's lineage.
    ///   - timeline: The state's timeline.
    ///   - epoch: How often the state's lock had been taken.
    ///   - tool: The version of Strongroom.
    ///   - now: When the plan is made, by the service's clock.
    ///   - repetition: How many equal plans for the same were carried out before.
    public init(
        _ fleet: DesiredFleet,
        endpoint: String? = nil,
        lineage: String,
        timeline: String? = nil,
        epoch: Int? = nil,
        tool: String,
        at now: Timestamp,
        repetition: Int = 0
    ) {
        manifests = ManifestMeaning(fleet).sha256
        service = fleet.service
        self.endpoint = endpoint
        accounts = Set(fleet.accounts.map(\.id)).sorted()
        self.lineage = lineage
        self.timeline = timeline
        self.epoch = epoch
        self.tool = tool
        expires = now + PlanDocument.lifetime
        self.repetition = repetition
    }

    private init(_ other: PlanBinding, repetition: Int) {
        manifests = other.manifests
        service = other.service
        endpoint = other.endpoint
        accounts = other.accounts
        lineage = other.lineage
        timeline = other.timeline
        epoch = other.epoch
        tool = other.tool
        expires = other.expires
        self.repetition = repetition
    }

    /// The same binding for another repetition.
    ///
    /// - Parameter count: How many equal plans were carried out before.
    /// - Returns: The binding.
    func repeated(_ count: Int) -> PlanBinding { PlanBinding(self, repetition: count) }

    /// What is otherwise here and now than where a plan was saved.
    ///
    /// - Parameter now: The binding of a plan made here and now.
    /// - Returns: One sentence per difference; empty if the plan may be applied here.
    public func differences(from now: PlanBinding) -> [String] {
        [
            manifests == now.manifests
                ? nil : "the manifests say something else than those it was made from",
            lineage == now.lineage
                ? nil : "it was made for the state \(lineage), and this is \(now.lineage)",
            timelineDifference(from: now),
            service == now.service
                ? nil
                : "it was made for the service \(service.rawValue), not \(now.service.rawValue)",
            endpoint == now.endpoint
                ? nil
                : "it was made for \(endpoint.inWords), and this is \(now.endpoint.inWords)",
            accounts == now.accounts
                ? nil
                : "it was made for \(accounts.inWords), and this is for \(now.accounts.inWords)",
            tool == now.tool
                ? nil : "strongroom \(tool) made it, and this is strongroom \(now.tool)",
        ]
        .compactMap(\.self)
    }

    /// A state that was put back has a new timeline, or has been locked less often than it was.
    private func timelineDifference(from now: PlanBinding) -> String? {
        guard lineage == now.lineage else { return nil }
        guard timeline == nil || timeline == now.timeline else {
            return "the state was put back since: its timeline was \(timeline.inWords),"
                + " and is \(now.timeline.inWords)"
        }
        guard let epoch, epoch > now.epoch ?? 0 else { return nil }
        return "the state was put back since: its lock had been taken \(epoch) times,"
            + " and now only \(now.epoch ?? 0)"
    }
}

extension String? {
    fileprivate var inWords: String { self ?? "the usual one" }
}

extension [AccountID] {
    fileprivate var inWords: String {
        "account " + map(\.description).joined(separator: ", ")
    }
}
