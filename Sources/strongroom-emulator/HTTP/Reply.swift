import CloudHSMWire
import HTTPTypes
import Hummingbird
import NIOCore
import Synchronization

/// An answer on its way out.
struct Reply: Sendable {
    let status: Int
    let contentType: String
    let body: [UInt8]

    /// The exception's name where it is a refusal.
    var errorName: String?

    /// Makes it an HTTP response.
    ///
    /// The Date header is set when it is sent, by the real clock.
    ///
    /// - Parameters:
    ///   - id: The request's id.
    ///   - worldTime: What the world's clock shows.
    /// - Returns: The response.
    func response(to id: String, worldTime: String) -> Response {
        var headers = HTTPFields()
        headers[.contentType] = contentType
        if let name = HTTPField.Name("x-amzn-RequestId") { headers[name] = id }
        if let name = HTTPField.Name("x-strongroom-world-time") { headers[name] = worldTime }
        if let errorName, let name = HTTPField.Name("x-amzn-ErrorType") {
            headers[name] = errorName
        }
        return Response(
            status: .init(code: status),
            headers: headers,
            body: .init(byteBuffer: ByteBuffer(bytes: body))
        )
    }

    /// A refusal in the form of AWS's JSON services.
    ///
    /// - Parameter refusal: The refusal.
    /// - Returns: The answer.
    static func json(_ refusal: Refusal) -> Reply {
        Reply(
            status: refusal.status,
            contentType: CloudHSMEndpoint.contentType,
            body: ErrorCoding.encode(name: refusal.name, message: refusal.message),
            errorName: refusal.name
        )
    }
}
