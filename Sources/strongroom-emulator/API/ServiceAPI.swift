import CloudHSM
import CloudHSMWire
import StrongroomModel

/// The CloudHSM V2 API over a simulated world: JSON 1.1 over `POST /`.
struct ServiceAPI: Sendable {
    let world: World
    let authentication: Authentication
    let requests: ClusterRequests
    let zones: SubnetZones
    let faults: FaultPlan

    /// Is told of every call that was answered.
    let log: CallLog

    /// The Region of calls that neither a host nor a signature names one for.
    static let unsignedRegion = "us-east-1"

    /// Answers a request.
    ///
    /// - Parameters:
    ///   - request: The request.
    ///   - now: The real clock.
    /// - Returns: The answer, a refusal included.
    /// - Throws: What the world throws beyond refusals.
    func reply(to request: ReceivedRequest, at now: Timestamp) throws -> Reply {
        var entry = CallLog.Entry()
        do {
            let answer = try answer(to: request, at: now, noting: &entry)
            log.write(entry, answer)
            return answer
        } catch {
            guard let answer = Self.refusal(error) else { throw error }
            log.write(entry, answer)
            return answer
        }
    }

    private func answer(
        to request: ReceivedRequest,
        at now: Timestamp,
        noting entry: inout CallLog.Entry
    ) throws -> Reply {
        let operation = try Self.operation(of: request)
        entry.operation = operation
        let caller = try authentication.caller(
            of: request,
            for: CloudHSMEndpoint.signingName,
            at: now
        )
        let place = Place(account: caller.account, region: try Self.region(request, caller))
        entry.place = place
        return try carryOut(try call(operation, request, at: place), at: place)
    }

    /// The answer that an error becomes; `nil` for one of the emulator's own.
    private static func refusal(_ error: any Error) -> Reply? {
        switch error {
        case let refusal as Refusal: .json(refusal)
        case let exception as ServiceException: reply(exception)
        case let silent as SilentRegion: .json(.silent(silent.region))
        default: nil
        }
    }

    private static func operation(of request: ReceivedRequest) throws(Refusal) -> String {
        guard request.signable.method == "POST" else {
            throw .unknownOperation("\(request.signable.method) is not supported", status: 405)
        }
        guard request.signable.path == "/" else {
            throw .unknownOperation("\(request.signable.path) was not found", status: 404)
        }
        guard request.mediaType == CloudHSMEndpoint.contentType else {
            throw .unknownOperation("Content-Type must be \(CloudHSMEndpoint.contentType)")
        }
        let target = request.header(CloudHSMEndpoint.targetHeader) ?? ""
        guard let operation = CloudHSMEndpoint.operation(ofTarget: target) else {
            throw .unknownOperation("\(target) is no operation of the service")
        }
        return operation
    }

    /// The host's Region, or else the signature's; both must agree.
    private static func region(
        _ request: ReceivedRequest,
        _ caller: Caller
    ) throws(Refusal) -> Region {
        let host = ServiceHost.region(of: request.host)
        if let host, let signed = caller.region, signed != host.description {
            throw .scope("Credential should be scoped to a valid region, not '\(signed)'.")
        }
        if let host { return host }
        let signed = caller.region ?? unsignedRegion
        guard let region = Region(signed) else {
            throw .scope("Credential should be scoped to a valid region, not '\(signed)'.")
        }
        return region
    }

    private func call(
        _ operation: String,
        _ request: ReceivedRequest,
        at place: Place
    ) throws -> Call {
        try JSONBody.requireObject(request.signable.body)
        if operation == "CreateCluster" {
            zones.learn(from: try world.clusters(at: place), at: place)
        }
        return try RequestCoding.decode(
            operation: operation,
            body: request.signable.body,
            subnetZones: zones.ofRequest(at: place)
        )
    }

    private func carryOut(_ call: Call, at place: Place) throws -> Reply {
        let fault = faults.next()
        if fault == .throttled {
            return Self.reply(ServiceException(.throttling, "Rate exceeded"))
        }
        if fault == .lost { throw ServiceException.onPurpose }
        var call = call
        if case .initializeCluster(let claim) = call {
            let cluster = try world.clusters(at: place).first { $0.id == claim.cluster }
            call = .initializeCluster(try requests.checked(claim, of: cluster))
        }
        let answer = requests.shown(try world.perform(call, at: place))
        if fault == .answerLost { throw ServiceException.onPurpose }
        return Reply(
            status: 200,
            contentType: CloudHSMEndpoint.contentType,
            body: AnswerCoding.encode(answer, account: place.account, region: place.region)
        )
    }

    private static func reply(_ exception: ServiceException) -> Reply {
        let (status, body) = ErrorCoding.encode(exception)
        return Reply(
            status: status,
            contentType: CloudHSMEndpoint.contentType,
            body: body,
            errorName: exception.kind.rawValue
        )
    }
}
