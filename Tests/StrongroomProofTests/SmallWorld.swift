import CloudHSM
import StrongroomModel

/// A case in bits: every backup and HSM there is or may come to be has a place.
struct SmallWorld {
    typealias State = Explorer.State

    /// What a step does.
    enum Effect {
        case nothing
        case delete(UInt32)
        case restore(UInt32)
        case pin(Target)
        case unpin(UInt32)
        case retain(UInt8)
        case copy(Target, UInt32)
        case add(UInt16, UInt32?)
        case remove(UInt16, UInt32?)
        case deleteCluster
    }

    /// A backup that is known, or the first one made after a step's call.
    enum Target {
        case slot(UInt32)
        case after(Int)
        case unknown
    }

    /// A fact in bits.
    enum Check {
        case always
        case never
        case ready(among: UInt32, Int)
        case gone(UInt32)
        case isReady(Target)
        case isPinned(Target)
        case unpinned(UInt32)
        case pending(UInt32)
        case notCopied(Target, UInt32)
        case copied(Target, UInt32)
        case newest(UInt32)
        case policy(UInt8)
        case present(Int)
        case healthy(among: UInt16, Int)
        case hsmGone(UInt16)
        case hsmDegraded(UInt16)
        case noHSMs
        case cluster(Bool)
    }

    /// A step in bits.
    struct SmallStep {
        var when: [Check]
        var until: Check
        var effect: Effect
    }

    let given: Case
    private(set) var start = State()
    private(set) var steps: [SmallStep] = []
    /// The steps that must be done before each.
    private(set) var before: [UInt16] = []
    private(set) var slotCount = 0
    private(set) var firstYoung: UInt32 = 0
    private(set) var daily: [UInt32] = []
    private(set) var isNominated: [Bool] = []
    private(set) var sweeps = false
    private(set) var backsUp = false
    private(set) var movesHSMs = false

    private var content: [Int64] = []
    private var places: [Region] = []
    private var isCopy: [Bool] = []
    private var slots: [BackupID: UInt32] = [:]
    private var copySlots: [Int: UInt32] = [:]
    private var causeSlots: [Int: UInt32] = [:]
    private var hsms: [HSMID: UInt16] = [:]
    private var added: [StepID: UInt16] = [:]
    private var zoneOf: [AvailabilityZone?] = []
    private var policies: [RetentionPolicy] = []
    private var own: UInt32 = 0
    private var ownByAge: [UInt32] = []
    private var dueUnder: [UInt32] = []
    private var isPinnedAtFirst: UInt32 = 0
    private var announced: Set<BackupID> = []
    private var restoredOrReady: UInt32 = 0
    private var newestAtFirst: UInt32?
    private var readyAtFirst: [Region: Int] = [:]
    private var copiedTo: [UInt32: [UInt32]] = [:]
    private let horizonOfMaking = Int64.max

    init(_ given: Case) {
        self.given = given
        let group = given.group
        for backup in group?.backups ?? [] { place(backup) }
        firstYoung = UInt32(content.count)
        for (index, step) in given.steps.enumerated() where step.action.causesBackup {
            causeSlots[index] = young(in: home)
        }
        daily = [young(in: home), young(in: home)]
        for (index, step) in given.steps.enumerated() {
            if case .copyBackup(let source, let region) = step.action {
                copySlots[index] = young(in: region, copying: source)
            }
        }
        slotCount = content.count
        for hsm in group?.livingCluster?.hsms ?? [] { place(hsm) }
        for step in given.steps {
            if case .addHSM(let zone, _) = step.action {
                added[step.id] = UInt16(zoneOf.count)
                zoneOf.append(zone)
            }
        }
        policies = [group?.cluster?.retention ?? .unmanaged]
        start.hasCluster = group?.livingCluster != nil
        isNominated = (0..<slotCount).map { nominates($0) }
        compile()
    }
}

// MARK: Compiling

extension SmallWorld {
    private mutating func place(_ backup: Backup) {
        let slot = UInt32(content.count)
        content.append(backup.createdAt.milliseconds)
        places.append(backup.region)
        isCopy.append(backup.isCopy)
        slots[backup.id] = slot
        if !backup.isCopy { own |= 1 << slot }
        switch backup.state {
        case .ready:
            start.ready |= 1 << slot
            restoredOrReady |= 1 << slot
            if backup.isCopy == (backup.region != home) {
                readyAtFirst[backup.region, default: 0] += 1
            }
        case .createInProgress: start.busy |= 1 << slot
        case .pendingDeletion: start.pending |= 1 << slot
        case .deleted, .unrecognised: break
        }
        if backup.neverExpires { start.pinned |= 1 << slot }
        isPinnedAtFirst = start.pinned
    }

    private mutating func young(in region: Region, copying source: BackupReference? = nil)
        -> UInt32
    {
        let slot = UInt32(content.count)
        if case .known(let id) = source, let origin = slots[id] {
            content.append(content[Int(origin)])
        } else {
            content.append(horizonOfMaking)
        }
        places.append(region)
        isCopy.append(source != nil)
        if source == nil { own |= 1 << slot }
        return slot
    }

    private mutating func place(_ hsm: HSM) {
        let number = UInt16(zoneOf.count)
        hsms[hsm.id] = number
        zoneOf.append(hsm.zone)
        switch hsm.state {
        case .active: start.active |= 1 << number
        case .createInProgress, .degraded, .unrecognised: start.degraded |= 1 << number
        case .deleteInProgress, .deleted: break
        }
    }

    private mutating func compile() {
        let group = given.group
        newestAtFirst = group?.backups.filter { $0.isReady && !$0.isCopy }
            .max { ($0.createdAt, $0.id) < ($1.createdAt, $1.id) }.flatMap { slots[$0.id] }
        for (index, step) in given.steps.enumerated() {
            announced.formUnion(step.action.lostBackups)
            if case .restoreBackup(let id, _, _) = step.action, let slot = slots[id],
                start.pending >> slot & 1 == 1
            {
                restoredOrReady |= 1 << slot
            }
            if case .copyBackup(.known(let id), let region) = step.action, let slot = slots[id] {
                copiedTo[slot, default: []].append(young(mask: region, since: content[Int(slot)]))
            }
            let before = given.plan.predecessors(of: step)
                .compactMap { id in given.steps.firstIndex { $0.id == id } }
            let effect = effect(of: step, index)
            self.before.append(before.reduce(0) { $0 | 1 << UInt16($1) })
            steps.append(
                SmallStep(
                    when: step.preconditions.map(check),
                    until: check(step.postcondition),
                    effect: effect
                )
            )
        }
        ownByAge = (0..<firstYoung).filter { own >> $0 & 1 == 1 }
            .sorted { (content[Int($0)], $0) > (content[Int($1)], $1) }
        dueUnder = policies.map { policy in
            (0..<firstYoung).reduce(0) { isDue($1, under: policy) ? $0 | 1 << $1 : $0 }
        }
        let actions = given.steps.map(\.action)
        let losesAtHome = actions.contains {
            switch $0 {
            case .deleteBackup(_, let region, _): region == home || given.desired.purge != nil
            case .setRetention, .unpinBackup: true
            default: false
            }
        }
        movesHSMs = actions.contains { if case .removeHSM = $0 { true } else { false } }
        sweeps = losesAtHome
        backsUp = losesAtHome
    }

    /// The places in a Region that count for its floor and hold content no older than a moment.
    private func young(mask region: Region, since: Int64) -> UInt32 {
        (0..<slotCount).reduce(0) { mask, slot in
            let counts = places[slot] == region && isCopy[slot] == (region != home)
            return counts && content[slot] >= since ? mask | 1 << UInt32(slot) : mask
        }
    }

    private func all(in region: Region, since: Int64 = .min) -> UInt32 {
        (0..<slotCount).reduce(0) { mask, slot in
            places[slot] == region && content[slot] >= since ? mask | 1 << UInt32(slot) : mask
        }
    }

    private mutating func effect(of step: Step, _ index: Int) -> Effect {
        switch step.action {
        case .deleteBackup(let id, let region, _):
            guard let slot = slots[id], places[Int(slot)] == region else { return .nothing }
            return .delete(slot)
        case .restoreBackup(let id, _, _): return slots[id].map { .restore($0) } ?? .nothing
        case .pinBackup(let reference): return .pin(target(reference))
        case .unpinBackup(let id, _, _): return slots[id].map { .unpin($0) } ?? .nothing
        case .setRetention(_, let period, _):
            policies.append(.days(period.days))
            return .retain(UInt8(policies.count - 1))
        case .copyBackup(let source, _): return .copy(target(source), copySlots[index] ?? 0)
        case .addHSM: return .add(added[step.id] ?? 0, causeSlots[index])
        case .removeHSM(let reference, _, _):
            guard let hsm = number(reference) else { return .nothing }
            return .remove(hsm, causeSlots[index])
        case .deleteCluster: return .deleteCluster
        case .createCluster, .initializeCluster, .tagBackup, .untagBackup, .tagCluster,
            .changeType:
            return .nothing
        }
    }

    private func target(_ reference: BackupReference) -> Target {
        switch reference {
        case .known(let id): slots[id].map { .slot($0) } ?? .unknown
        case .caused(let id):
            given.steps.firstIndex { $0.id == id }.map { .after($0) } ?? .unknown
        }
    }

    private func number(_ reference: HSMReference) -> UInt16? {
        switch reference {
        case .known(let id): hsms[id]
        case .added(let step): added[step]
        }
    }

    private func check(_ fact: Fact) -> Check {
        switch fact {
        case .clusterState(.active): return .cluster(true)
        case .clusterExists: return .cluster(true)
        case .clusterGone: return .cluster(false)
        case .clusterState, .signingRequestShown, .clusterClaimed, .hsmsSettled, .hsmType,
            .clusterTags, .backupTags, .backupTagsAbsent:
            return .always
        case .presentHSMs(let count): return .present(count)
        case .healthyHSMs(let zone, let least):
            let mask = zoneOf.indices.reduce(UInt16(0)) {
                zoneOf[$1] == zone ? $0 | 1 << UInt16($1) : $0
            }
            return .healthy(among: mask, least)
        case .healthyHSMsApart(let reference, let least):
            guard let hsm = number(reference) else { return .never }
            return .healthy(among: ~(1 << hsm), least)
        case .hsmGone(let reference, _): return number(reference).map { .hsmGone($0) } ?? .never
        case .hsmDegraded(let id): return hsms[id].map { .hsmDegraded($0) } ?? .never
        case .noHSMsListed: return .noHSMs
        case .freshBackup(let step): return .isReady(target(.caused(by: step)))
        case .readyBackupsApart(let id, let region, let least):
            let apart = slots[id].map { UInt32(1) << $0 } ?? 0
            return .ready(among: all(in: region) & ~apart, least)
        case .readyContent(let region, let moment, let least):
            return .ready(among: all(in: region, since: moment.milliseconds), least)
        case .backupReady(let reference): return .isReady(target(reference))
        case .backupPinned(let reference): return .isPinned(target(reference))
        case .backupGone(let id): return slots[id].map { .gone($0) } ?? .always
        case .backupUnpinned(let id): return slots[id].map { .unpinned($0) } ?? .always
        case .backupPendingDeletion(let id): return slots[id].map { .pending($0) } ?? .never
        case .notCopied(let reference, let region):
            return .notCopied(target(reference), copies(of: reference, in: region))
        case .copyReady(let reference, let region):
            var since = horizonOfMaking
            if case .known(let id) = reference, let slot = slots[id] { since = content[Int(slot)] }
            return .copied(target(reference), all(in: region, since: since))
        case .retention(let policy):
            if let index = policies.firstIndex(of: policy) { return .policy(UInt8(index)) }
            let all = given.steps.compactMap { step -> RetentionPolicy? in
                if case .setRetention(_, let new, _) = step.action { return .days(new.days) }
                return nil
            }
            return all.firstIndex(of: policy).map { .policy(UInt8($0 + 1)) } ?? .never
        case .newestBackup(let id): return slots[id].map { .newest($0) } ?? .never
        }
    }

    private func copies(of reference: BackupReference, in region: Region) -> UInt32 {
        var mask: UInt32 = 0
        if case .known(let id) = reference {
            for backup in given.group?.backups ?? []
            where backup.copiedFrom == id && backup.region == region {
                if let slot = slots[backup.id] { mask |= 1 << slot }
            }
        }
        for (index, step) in given.steps.enumerated() {
            if case .copyBackup(reference, region) = step.action, let slot = copySlots[index] {
                mask |= 1 << slot
            }
        }
        return mask
    }

    private func nominates(_ slot: Int) -> Bool {
        guard let backup = given.group?.backups.first(where: { slots[$0.id] == UInt32(slot) })
        else { return false }
        return given.isNominated(backup)
    }
}

// MARK: Looking

extension SmallWorld {
    func slot(_ target: Target, _ state: State) -> UInt32? {
        switch target {
        case .slot(let slot): return slot
        case .unknown: return nil
        case .after(let step):
            // A backup of a later step, or of the clock, is as young.
            let ready = (firstYoung..<UInt32(slotCount)).filter {
                state.ready >> $0 & 1 == 1 && own >> $0 & 1 == 1
                    && state.since >> (UInt64($0 - firstYoung) * 8 + UInt64(step)) & 1 == 1
            }
            return ready.min { age($0, state) < age($1, state) }
        }
    }

    /// How many steps had been called when a young backup was made.
    private func age(_ slot: UInt32, _ state: State) -> Int {
        (state.since >> (UInt64(slot - firstYoung) * 8) & 0xFF).nonzeroBitCount
    }

    func holds(_ check: Check, _ state: State) -> Bool {
        switch check {
        case .always: return true
        case .never: return false
        case .ready(let mask, let least): return (state.ready & mask).nonzeroBitCount >= least
        case .gone(let slot): return (state.ready | state.busy) >> slot & 1 == 0
        case .isReady(let target):
            return slot(target, state).map { state.ready >> $0 & 1 == 1 } ?? false
        case .isPinned(let target):
            return slot(target, state).map { (state.ready & state.pinned) >> $0 & 1 == 1 } ?? false
        case .unpinned(let slot):
            return state.pinned >> slot & 1 == 0
        case .pending(let slot): return state.pending >> slot & 1 == 1
        case .notCopied(let target, let mask):
            guard let source = slot(target, state), state.ready >> source & 1 == 1 else {
                return false
            }
            return (state.ready | state.busy) & mask == 0
        case .copied(let target, let mask):
            return slot(target, state) != nil && state.ready & mask != 0
        case .newest(let slot):
            return newest(state) == slot && state.ready >> slot & 1 == 1
        case .policy(let index): return policies[Int(state.policy)] == policies[Int(index)]
        case .present(let count):
            return (state.active | state.degraded | state.renamed).nonzeroBitCount == count
        case .healthy(let mask, let least):
            return ((state.active | state.renamed) & mask).nonzeroBitCount
                + (state.renamed & ~mask & replacedInPlace(mask)).nonzeroBitCount >= least
        case .hsmGone(let hsm):
            return state.hasCluster && (state.active | state.degraded) >> hsm & 1 == 0
        case .hsmDegraded(let hsm): return state.degraded >> hsm & 1 == 1
        case .noHSMs:
            return state.hasCluster && state.active | state.degraded | state.renamed == 0
        case .cluster(let isThere): return state.hasCluster == isThere
        }
    }

    /// An HSM that was replaced has another id, so it is apart from the one that had the old.
    private func replacedInPlace(_ mask: UInt16) -> UInt16 {
        (~mask).nonzeroBitCount == 1 ? ~mask : 0
    }

    private func newest(_ state: State) -> UInt32? {
        let there = (state.ready | state.busy | state.pending) & own
        return (0..<UInt32(slotCount)).filter { there >> $0 & 1 == 1 }.max {
            rank($0, state) < rank($1, state)
        }
    }

    private func rank(_ slot: UInt32, _ state: State) -> (Int64, Int, UInt32) {
        slot < firstYoung
            ? (content[Int(slot)], 0, slot) : (content[Int(slot)], age(slot, state), slot)
    }

    private func isDue(_ slot: UInt32, under policy: RetentionPolicy) -> Bool {
        guard case .days(let days) = policy else { return false }
        return content[Int(slot)] <= (now - .days(days)).milliseconds
    }

    /// What a sweep may take: own READY ones that are due and not pinned, never the newest.
    func due(_ state: State) -> UInt32 {
        let due = state.ready & own & ~state.pinned & dueUnder[Int(state.policy)]
        guard due != 0 else { return 0 }
        let ready = state.ready & own
        guard ready >> firstYoung == 0 else { return due }
        for slot in ownByAge where ready >> slot & 1 == 1 { return due & ~(1 << slot) }
        return due
    }
}

// MARK: Breaches

extension SmallWorld {
    private func floor(_ region: Region) -> Int {
        guard region == home else {
            let copies = given.desired.copies.first { $0.region.value == region }
            return max(copies?.keepAtLeast?.value ?? 1, 1)
        }
        let asked = given.desired.backups.keepAtLeast?.value ?? 1
        return max(1, min(asked, readyAtFirst[home] ?? 0))
    }

    private func counting(_ region: Region) -> UInt32 { young(mask: region, since: .min) }

    func breach(deleting slot: UInt32, _ state: State, by step: Int) -> String? {
        let bit = UInt32(1) << slot
        let region = places[Int(slot)]
        if isNominated[Int(slot)] { return "step \(step + 1) deletes a recovery point" }
        let purge = given.desired.purge?.value
        let removedAt = purge?.materialRemovedAt.milliseconds ?? .min
        if own & bit != 0, (state.pinned | isPinnedAtFirst) & bit != 0,
            !(purge?.includePinned ?? false)
        {
            return "step \(step + 1) deletes a pinned backup"
        }
        if let text = breachOfCopies(slot, state) { return text }
        guard counting(region) & bit != 0 else { return nil }
        let isListed = given.desired.copies.contains { $0.region.value == region }
        if region != home, !isListed, purge != nil, content[Int(slot)] <= removedAt {
            let clean = young(mask: home, since: removedAt + 1)
            let left = (state.ready & clean).nonzeroBitCount
            return left < floor(home) ? "step \(step + 1) leaves \(left) clean backups" : nil
        }
        let left = (state.ready & counting(region) & ~bit).nonzeroBitCount
        if left < floor(region) { return "step \(step + 1) leaves \(left) in \(region)" }
        let asYoung = young(mask: region, since: content[Int(slot)])
        return state.ready & asYoung & ~bit == 0
            ? "step \(step + 1) leaves only older content in \(region)" : nil
    }

    private func breachOfCopies(_ slot: UInt32, _ state: State) -> String? {
        for mask in copiedTo[slot] ?? [] where state.ready & mask == 0 {
            return "backup \(slot) goes before its copy is READY"
        }
        return nil
    }

    /// A sweep is ours if our policy or our unpinning allowed it.
    func breach(sweeping slot: UInt32, _ state: State) -> String? {
        let bit = UInt32(1) << slot
        let wasOpen = isDue(slot, under: policies[0]) && isPinnedAtFirst & bit == 0
        guard !wasOpen else { return nil }
        if isNominated[Int(slot)] { return "a recovery point is swept" }
        let id = slots.first { $0.value == slot }?.key
        if let id, slot != newestAtFirst, restoredOrReady & bit != 0, !announced.contains(id) {
            return "backup \(slot) is swept unannounced"
        }
        // The newest goes only when a younger one is there, which is the better source.
        if slot != newestAtFirst, let text = breachOfCopies(slot, state) { return text }
        let left = (state.ready & counting(home) & ~bit).nonzeroBitCount
        return left < floor(home) ? "the sweep leaves \(left)" : nil
    }

    private var asked: Int {
        if case .absent = given.desired.ensure.value { return 0 }
        return given.desired.hsms?.value.count ?? start.active.nonzeroBitCount
    }

    private var bar: Int { min(start.active.nonzeroBitCount, asked) }

    func breach(removing hsm: UInt16, _ state: State, by step: Int) -> String? {
        let bit = UInt16(1) << hsm
        let others =
            ((state.active | state.renamed) & ~bit).nonzeroBitCount
            + (state.renamed & bit).nonzeroBitCount
        if state.active & bit != 0, others < bar {
            return "step \(step + 1) leaves \(others) healthy HSMs"
        }
        let present = (state.active | state.degraded | state.renamed).nonzeroBitCount
        if present == 1 {
            let isCaptured =
                causeSlots[step] != nil && state.active & bit != 0
                && given.steps[step].preconditions.contains(.clusterState(.active))
            if !isCaptured { return "step \(step + 1) removes the last HSM without a backup" }
        }
        if case .removeHSM(.added(let adding), _, _) = given.steps[step].action,
            let index = given.steps.firstIndex(where: { $0.id == adding }),
            slot(.after(index), state) == nil
        {
            return "step \(step + 1) removes an HSM before its backup is READY"
        }
        return nil
    }

    func breach(adding state: State) -> String? {
        let present = (state.active | state.degraded | state.renamed).nonzeroBitCount
        let atFirst = (start.active | start.degraded).nonzeroBitCount
        let limit = max(given.desired.hsms?.value.count ?? atFirst, atFirst) + 1
        return present + 1 > limit ? "\(present + 1) HSMs are present" : nil
    }

    func breach(deletingCluster state: State, by step: Int) -> String? {
        guard let newest = newest(state) else { return "a cluster goes without a backup" }
        return (state.ready & state.pinned) >> newest & 1 == 1
            ? nil : "a cluster goes before its newest backup is READY and pinned"
    }
}
