public import CloudHSM

/// Where a service is spoken to for a Region, and whether somebody said so.
public struct ServiceEndpoint: Hashable, Sendable {
    /// The service.
    public let service: EndpointService

    /// The Region that requests are signed for, also where the endpoint is somebody's own.
    public let region: Region

    /// Where requests go.
    public let origin: HTTPOrigin

    /// The flag or variable that names the endpoint; `nil` for the service's own.
    public let overriddenBy: String?

    /// Whether the endpoint is not the service's own.
    ///
    /// A plan made over one says so and is bound to it, because whoever answers there decides what
    /// the world looks like.
    public var isOverride: Bool { overriddenBy != nil }
}

extension ServiceEndpoint: CustomStringConvertible {
    /// The endpoint, and who named it if somebody did.
    public var description: String {
        overriddenBy.map { "\(origin) (\($0))" } ?? "\(origin)"
    }
}
