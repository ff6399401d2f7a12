import CloudHSM
import CloudHSMWire
import StrongroomAWS
import StrongroomModel
import StrongroomSimulator

/// The simulated service behind its own wire: it checks signatures, reads requests and writes
/// answers as a server does, and there is no network between.
struct SimulatedExchange: HTTPExchange {
    let service: SimulatedService
    let account: AccountID
    let credentials: SigningCredentials

    /// The zones of the subnets that clusters are made in.
    let zones: [SubnetID: AvailabilityZone]

    func send(
        _ request: HTTPMessageRequest,
        within limit: Duration
    ) async throws -> HTTPMessageResponse {
        let verdict = SigV4.verify(request.signable, now: service.now()) {
            $0 == credentials.accessKeyID ? credentials.secretAccessKey : nil
        }
        switch verdict {
        case .refused(let refusal):
            return HTTPMessageResponse(
                status: 400,
                body: ErrorCoding.encode(name: refusal.name.rawValue, message: refusal.message)
            )
        case .valid(_, let region, _):
            guard
                let region = Region(region), let target = request.header("X-Amz-Target"),
                let operation = CloudHSMEndpoint.operation(ofTarget: target)
            else {
                let body = ErrorCoding.encode(name: "UnknownOperationException", message: "")
                return HTTPMessageResponse(status: 400, body: body)
            }
            return try answer(request.body, operation, Place(account: account, region: region))
        }
    }

    private func answer(
        _ body: [UInt8],
        _ operation: String,
        _ place: Place
    ) throws -> HTTPMessageResponse {
        do {
            let call = try RequestCoding.decode(
                operation: operation,
                body: body,
                subnetZones: { zones[$0] }
            )
            let answer = try service.perform(call, at: place, in: nil)
            return HTTPMessageResponse(
                status: 200,
                body: AnswerCoding.encode(answer, account: account, region: place.region)
            )
        } catch let refusal as ServiceException {
            let (status, body) = ErrorCoding.encode(refusal)
            return HTTPMessageResponse(status: status, body: body)
        }
    }
}
