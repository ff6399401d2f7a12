internal import CloudHSM
internal import StrongroomModel

extension SimulatedGroup {
    mutating func perform(
        _ call: PutResourcePolicy,
        at place: Place
    ) throws(ServiceException) -> Answer {
        let target = shared(call.resource, at: place)
        if let refusal = call.refusal(on: target, by: place.account) { throw refusal }
        guard let target else { throw .notFound(call.resource) }
        memory.policies[target.id] = call.policy
        return .resourcePolicy(call.policy, of: call.resource)
    }

    func perform(_ call: GetResourcePolicy, at place: Place) throws(ServiceException) -> Answer {
        let target = shared(call.resource, at: place)
        if let refusal = call.refusal(on: target, by: place.account) { throw refusal }
        return .resourcePolicy(target.flatMap { memory.policies[$0.id] }, of: nil)
    }

    mutating func perform(
        _ call: DeleteResourcePolicy,
        at place: Place
    ) throws(ServiceException) -> Answer {
        let target = shared(call.resource, at: place)
        if let refusal = call.refusal(on: target, by: place.account) { throw refusal }
        let policy = target.flatMap { memory.policies.removeValue(forKey: $0.id) }
        return .resourcePolicy(policy, of: call.resource)
    }

    /// The backup an ARN names, as its own Region knows it.
    private func shared(_ resource: ResourceARN, at place: Place) -> Backup? {
        guard resource.region == place.region else { return nil }
        return resource.backup.flatMap { group.backup($0) }
    }
}
