internal import CloudHSM
package import StrongroomModel

extension SimulatedService {
    /// A group as it was kept, or taken in if it was not made here.
    func load(_ id: GroupID, in world: WorldRecord) throws -> SimulatedGroup {
        let record = try store.record(of: id)
        guard let json = record.simulator else {
            return SimulatedGroup(adopting: record.group, at: world.began, under: world.settings)
        }
        let memory: SimulatorMemory
        do {
            memory = try SimulatorMemory(json: json)
        } catch {
            throw SimulatedServiceError.unreadableGroup(id, error)
        }
        guard memory.asOf <= world.now else {
            throw SimulatedServiceError.groupIsAhead(id, asOf: memory.asOf, clock: world.now)
        }
        return SimulatedGroup(group: record.group, memory: memory)
    }

    /// A group brought to the present.
    package func present(_ id: GroupID, state: State) throws -> SimulatedGroup {
        var group = try state.touched[id] ?? load(id, in: state.record)
        group.advance(to: state.record.now, under: state.record.settings)
        return group
    }

    /// Keeps a group, and before it the clock, so that no group is ever ahead of it.
    package func save(_ group: SimulatedGroup, in state: inout State) throws {
        try saveClock(in: &state)
        try keep(in: &state) {
            try store.save(GroupRecord(group: group.group, simulator: group.memory.json))
        }
        let id = group.group.id
        state.touched[id] = group
        state.usage[id.home]?[id] = GroupUsage(group)
    }

    func saveClock(in state: inout State) throws {
        guard !state.isClockSaved else { return }
        let world = state.record.json
        try keep(in: &state) { try store.saveSimulatedWorld(world) }
        state.isClockSaved = true
    }

    private func keep(in state: inout State, _ write: () throws -> Void) throws {
        do {
            try write()
        } catch {
            state.storeFailure = error
            throw error
        }
    }

    /// The first group that has something, looked for in all that exist.
    ///
    /// - Throws: What the store throws; if none has it that can be read, why another cannot, for it
    ///   may be that one.
    func search(
        in state: State,
        where isMeant: (SimulatedGroup) -> Bool
    ) throws -> SimulatedGroup? {
        var unread: (any ReadingFailure)?
        for id in try store.groupIDs() {
            do {
                let group = try present(id, state: state)
                if isMeant(group) { return group }
            } catch let failure as any ReadingFailure {
                unread = unread ?? failure
            }
        }
        if let unread { throw unread }
        return nil
    }
}

extension SimulatedService {
    /// A world with the groups a call needs.
    func working(
        on call: Call,
        at place: Place,
        in group: GroupID?,
        state: inout State
    ) throws -> SimulatedWorld {
        var world = SimulatedWorld(beginningAt: state.record.now, settings: state.record.settings)
        for group in try groups(for: call, at: place, in: group, state: state) {
            world.groups[group.group.id] = group
        }
        return world
    }

    private func groups(
        for call: Call,
        at place: Place,
        in group: GroupID?,
        state: State
    ) throws -> [SimulatedGroup] {
        switch call {
        case .describeClusters:
            return try store.groupIDs().filter { $0.home == place }
                .map { try present($0, state: state) }
        case .describeBackups:
            return try store.groupIDs().filter { $0.home.account == place.account }
                .map { try present($0, state: state) }
        case .createCluster(let request):
            guard let backup = request.sourceBackup else { return [] }
            return try holder(of: backup, at: place, in: group, state: state)
        case .createHSM, .initializeCluster, .modifyCluster, .deleteCluster, .deleteHSM,
            .modifyBackupAttributes, .deleteBackup, .restoreBackup, .copyBackup, .tagResource,
            .untagResource, .listTags, .putResourcePolicy, .getResourcePolicy,
            .deleteResourcePolicy:
            return try target(of: call, at: place, in: group, state: state)
        }
    }

    private func target(
        of call: Call,
        at place: Place,
        in group: GroupID?,
        state: State
    ) throws -> [SimulatedGroup] {
        switch call.target {
        case nil: return []
        case .backup(let backup): return try holder(of: backup, at: place, in: group, state: state)
        case .cluster(let cluster):
            let id = GroupID(home: place, cluster: cluster)
            // A caller that names the group has seen it; otherwise the list decides.
            let isKnown =
                try id == group || state.touched[id] != nil
                || store.groupIDs().contains(id)
            guard isKnown else { return [] }
            let target = try present(id, state: state)
            guard case .createHSM = call, target.needsCloneSource, let source = target.memory.source
            else { return [target] }
            return [target, try present(source, state: state)]
        }
    }

    private func holder(
        of backup: BackupID,
        at place: Place,
        in group: GroupID?,
        state: State
    ) throws -> [SimulatedGroup] {
        if let group { return [try present(group, state: state)] }
        let holder = try search(in: state) {
            $0.group.id.home.account == place.account && $0.group.backup(backup) != nil
        }
        return holder.map { [$0] } ?? []
    }

    /// What a call must know of the other groups of its place.
    func surroundings(
        of call: Call,
        at place: Place,
        state: inout State
    ) throws -> Surroundings {
        switch call {
        case .createCluster:
            return Surroundings(
                usage: try usage(of: place, state: &state),
                takenIDs: Set(try store.groupIDs())
            )
        case .createHSM:
            return Surroundings(usage: try usage(of: place, state: &state), takenIDs: [])
        case .describeClusters, .initializeCluster, .modifyCluster, .deleteCluster, .deleteHSM,
            .describeBackups, .modifyBackupAttributes, .deleteBackup, .restoreBackup, .copyBackup,
            .tagResource, .untagResource, .listTags, .putResourcePolicy, .getResourcePolicy,
            .deleteResourcePolicy:
            return Surroundings(usage: nil, takenIDs: [])
        }
    }

    /// What a place uses for certain, and which of its groups could not be counted.
    private func usage(of place: Place, state: inout State) throws -> CountedUsage {
        let ids = try store.groupIDs().filter { $0.home == place }
        var uncounted: [UnreadReason] = []
        for id in ids where state.usage[place]?[id] == nil {
            do {
                let counted = GroupUsage(try present(id, state: state))
                state.usage[place, default: [:]][id] = counted
            } catch let failure as any ReadingFailure {
                uncounted.append(failure.unreadReason)
            }
        }
        let now = state.record.now
        return CountedUsage(
            known: (state.usage[place] ?? [:]).values.map { $0.usage(at: now) }.reduce(Usage(), +),
            uncounted: uncounted
        )
    }

    /// Lets a call through only if it would be carried out whatever the groups hold that could not
    /// be counted: a quota must not be exceeded because a file is damaged.
    func requireCertainty(
        of call: Call,
        at place: Place,
        in world: SimulatedWorld,
        given surroundings: Surroundings
    ) throws {
        guard let reason = surroundings.usage?.uncounted.first else { return }
        var fullest = world
        do {
            _ = try fullest.perform(call, at: place, given: surroundings.atMost)
        } catch {
            let quota = "what \(place.region) uses of its quota cannot be counted"
            throw CallHindered(
                UnreadReason("\(quota): \(reason.cause)", next: reason.next, from: reason.origin)
            )
        }
    }

    /// Reads what a call needs; what cannot be read keeps the call from being carried out.
    func hindering<Result>(_ read: () throws -> Result) throws -> Result {
        do {
            return try read()
        } catch let failure as any ReadingFailure {
            throw CallHindered(failure.unreadReason)
        }
    }
}
