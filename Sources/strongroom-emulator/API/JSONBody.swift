import Foundation

/// The outer form of a request's body.
enum JSONBody {
    /// Refuses a body that is no JSON object, as AWS's JSON services do before they look at it.
    ///
    /// - Parameter body: The body.
    /// - Throws: ``Refusal`` by the name SerializationException.
    static func requireObject(_ body: [UInt8]) throws(Refusal) {
        let value: Any?
        do {
            value = try JSONSerialization.jsonObject(with: Data(body))
        } catch {
            throw .serialization("the body is no JSON object")
        }
        guard value is [String: Any] else {
            throw .serialization("the body is no JSON object")
        }
    }
}
