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
    func search(
        in state: State,
        where isMeant: (SimulatedGroup) -> Bool
    ) throws -> SimulatedGroup? {
        for id in try store.groupIDs() {
            let group = try present(id, state: state)
            if isMeant(group) { return group }
        }
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

    private func usage(of place: Place, state: inout State) throws -> Usage {
        if state.usage[place] == nil {
            var counted: [GroupID: GroupUsage] = [:]
            for id in try store.groupIDs() where id.home == place {
                counted[id] = GroupUsage(try present(id, state: state))
            }
            state.usage[place] = counted
        }
        let now = state.record.now
        return (state.usage[place] ?? [:]).values.map { $0.usage(at: now) }.reduce(Usage(), +)
    }
}
