internal import CloudHSM
internal import StrongroomModel

extension SimulatedGroup {
    /// Does a call that concerns this group, which must have been brought to the present.
    ///
    /// The answer shows the call's effect; reads may not for a while.
    mutating func perform(
        _ call: Call,
        at place: Place,
        cloning source: CloneSource,
        under settings: SimulatorSettings
    ) throws(ServiceException) -> Answer {
        let before = settings.readLag > .zero ? group : nil
        let answer = try carryOut(call, at: place, cloning: source, under: settings)
        guard call.repetition != .reading else { return answer }
        var happenings = Happenings(group: group.id)
        settle(under: settings, telling: &happenings)
        if let before { hide(from: before, under: settings) }
        return answer
    }

    private mutating func carryOut(
        _ call: Call,
        at place: Place,
        cloning source: CloneSource,
        under settings: SimulatorSettings
    ) throws(ServiceException) -> Answer {
        let region = place.region
        switch call {
        case .initializeCluster(let call): return try perform(call, under: settings)
        case .modifyCluster(let call): return try perform(call, under: settings)
        case .deleteCluster(let call): return try perform(call, under: settings)
        case .createHSM(let call): return try perform(call, cloning: source, under: settings)
        case .deleteHSM(let call): return try perform(call, under: settings)
        case .modifyBackupAttributes(let call): return try perform(call, in: region)
        case .deleteBackup(let call): return try perform(call, in: region)
        case .restoreBackup(let call): return try perform(call, in: region)
        case .copyBackup(let call): return try perform(call, in: region, under: settings)
        case .tagResource(let call): return try perform(call, in: region)
        case .untagResource(let call): return try perform(call, in: region)
        case .listTags(let call):
            return try Listing.page(of: tags(of: call.resource, in: region), for: call)
        case .putResourcePolicy(let call): return try perform(call, at: place)
        case .getResourcePolicy(let call): return try perform(call, at: place)
        case .deleteResourcePolicy(let call): return try perform(call, at: place)
        case .createCluster, .describeClusters, .describeBackups:
            preconditionFailure("\(call.operation) concerns no single group")
        }
    }

    /// Keeps a call from reads for a while that follows from the seed; calls come to be seen in the
    /// order they were done in.
    mutating func hide(from before: ProtectionGroup, under settings: SimulatorSettings) {
        memory.callsDone += 1
        var bits = Fingerprint(seed: settings.seed, group: group.id)
        bits.mix(Making.lag.rawValue)
        bits.mix(memory.callsDone)
        let longest = UInt64(max(0, settings.readLag.wholeMilliseconds))
        let lag = Duration.milliseconds(Int64(bits.bits % (longest + 1)))
        let earlier = memory.unseen.last?.until ?? asOf
        let unseen = UnseenCall(until: max(asOf + lag, earlier), from: group, to: before)
        if unseen.until > asOf, !unseen.undo.isEmpty { memory.unseen.append(unseen) }
    }
}
