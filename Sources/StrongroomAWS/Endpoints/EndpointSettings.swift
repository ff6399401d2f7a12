public import CloudHSM

/// Which endpoints are spoken to: the services' own, or somebody's.
///
/// Only flags and the environment can name one, never a manifest: whoever writes a manifest could
/// otherwise have signed requests sent to a host of their own.
public struct EndpointSettings: Hashable, Sendable {
    private struct Override: Hashable, Sendable {
        let name: String
        let origin: HTTPOrigin
    }

    private let overrides: [EndpointService: Override]
    private let usesFIPS: Bool
    private let usesDualStack: Bool

    /// Reads what is asked for.
    ///
    /// A flag goes before the service's own variable, and that before `AWS_ENDPOINT_URL`.
    /// `AWS_IGNORE_CONFIGURED_ENDPOINT_URLS` takes both variables away. Source: AWS SDKs and Tools
    /// Reference Guide, "Service-specific endpoints", "Dual-stack and FIPS endpoints".
    ///
    /// - Parameters:
    ///   - variables: The environment; an empty variable counts as absent.
    ///   - flags: What flags name, with the flag's name.
    /// - Throws: ``EndpointFault`` for an address that cannot be used, or two wishes that cannot be
    ///   met together.
    public init(
        variables: [String: String],
        flags: [EndpointService: (name: String, address: String)] = [:]
    ) throws(EndpointFault) {
        usesFIPS = try variables.isOn("AWS_USE_FIPS_ENDPOINT")
        usesDualStack = try variables.isOn("AWS_USE_DUALSTACK_ENDPOINT")
        let isIgnoring = try variables.isOn("AWS_IGNORE_CONFIGURED_ENDPOINT_URLS")
        var overrides: [EndpointService: Override] = [:]
        for service in EndpointService.allCases {
            let configured = isIgnoring ? nil : try variables.endpoint(of: service)
            guard let written = flags[service] ?? configured else { continue }
            let origin = try Self.origin(written.address, in: written.name)
            overrides[service] = Override(name: written.name, origin: origin)
            if usesFIPS { throw .combined(name: written.name, with: "AWS_USE_FIPS_ENDPOINT") }
            if usesDualStack {
                throw .combined(name: written.name, with: "AWS_USE_DUALSTACK_ENDPOINT")
            }
        }
        self.overrides = overrides
    }

    /// Where a service is spoken to for a Region.
    ///
    /// - Parameters:
    ///   - service: The service.
    ///   - region: The Region.
    /// - Returns: The endpoint.
    /// - Throws: ``EndpointFault/partition(region:name:)`` where the service has none.
    public func endpoint(
        of service: EndpointService,
        in region: Region
    ) throws(EndpointFault) -> ServiceEndpoint {
        _ = try RegionName.read(region.description)
        guard let partition = region.partition else { throw .unknownRegion(region.description) }
        let override = overrides[service]
        if let override, override.origin.isAmazons(outside: region) {
            throw .otherRegion(name: override.name, host: override.origin.host, region)
        }
        return ServiceEndpoint(
            service: service,
            region: region,
            origin: override?.origin ?? origin(of: service, in: region, partition),
            overriddenBy: override?.name
        )
    }

    /// Source: botocore endpoint rules of `cloudhsmv2` and `sts`; `partitions.json`.
    private func origin(
        of service: EndpointService,
        in region: Region,
        _ partition: Partition
    ) -> HTTPOrigin {
        let word = service.hostWord(isFIPS: usesFIPS, isDualStack: usesDualStack, in: partition)
        let domain = usesDualStack ? "api.aws" : "amazonaws.com"
        return HTTPOrigin(.https, host: "\(word).\(region).\(domain)")
    }

    private static func origin(
        _ text: String,
        in name: String
    ) throws(EndpointFault) -> HTTPOrigin {
        let address: WebAddress
        do {
            address = try WebAddress(text)
        } catch {
            throw .malformed(name: name, reason: error.description)
        }
        guard address.query == nil else { throw .malformed(name: name, reason: "has a query") }
        guard address.path == "/" else { throw .malformed(name: name, reason: "has a path") }
        switch address.origin.scheme {
        case .https: return address.origin
        case .http where address.origin.isLoopback: return address.origin
        case .http: throw .unencrypted(name: name, host: address.origin.host)
        }
    }
}

extension HTTPOrigin {
    /// Whether the host is one of AWS's own.
    var isAmazons: Bool {
        [".amazonaws.com", ".api.aws", ".amazonaws.com.cn"].contains(where: host.hasSuffix)
    }

    /// Whether the host is one of AWS's own that does not name the Region.
    fileprivate func isAmazons(outside region: Region) -> Bool {
        isAmazons
            && !host.split(separator: ".").contains { $0 == region.description }
    }
}

extension [String: String] {
    /// What a variable says; `nil` if it is absent or empty, as AWS's own tools take it.
    ///
    /// - Parameter name: The variable's name.
    /// - Returns: Its text.
    func text(_ name: String) -> String? {
        self[name].flatMap { $0.isEmpty ? nil : $0 }
    }

    /// Whether a switch is on.
    ///
    /// - Parameter name: The variable's name.
    /// - Returns: `false` if it is absent.
    /// - Throws: ``EndpointFault/malformedSwitch(_:)`` if it is neither `true` nor `false`.
    func isOn(_ name: String) throws(EndpointFault) -> Bool {
        switch text(name)?.lowercased() {
        case nil, "false": return false
        case "true": return true
        default: throw .malformedSwitch(name)
        }
    }

    /// The endpoint that variables name for a service.
    fileprivate func endpoint(
        of service: EndpointService
    ) throws(EndpointFault) -> (name: String, address: String)? {
        let own = service.endpointVariables.compactMap { name in
            text(name).map { (name: name, address: $0) }
        }
        if let first = own.first, let other = own.first(where: { $0.address != first.address }) {
            throw .contradiction(first.name, other.name)
        }
        return own.first
            ?? text("AWS_ENDPOINT_URL").map { (name: "AWS_ENDPOINT_URL", address: $0) }
    }
}
