/// One hardware security module of a cluster.
///
/// Source: `API`, shape `Hsm`.
public struct HSM: Hashable, Sendable {
    /// Its id; a new one after the service replaced the hardware.
    public var id: HSMID

    /// Where it stands, if the service says.
    public var zone: AvailabilityZone?

    /// The subnet it is reached in, if the service says.
    public var subnet: SubnetID?

    /// Its network interface, which a replacement keeps.
    public var eni: ENIID?

    /// Its IPv4 address.
    public var address: String?

    /// Its IPv6 address, in a dual-stack cluster.
    public var address6: String?

    /// Its type, if the service says.
    public var type: HSMType?

    /// Its state.
    public var state: HSMState

    /// The service's free text about the state: shown, never branched on.
    public var stateMessage: String?

    /// Fields this version does not know, kept as they came.
    public var unknownFields: [String: JSONValue]

    /// Describes an HSM.
    ///
    /// - Parameters:
    ///   - id: Its id.
    ///   - zone: Where it stands.
    ///   - subnet: The subnet it is reached in.
    ///   - eni: Its network interface.
    ///   - address: Its IPv4 address.
    ///   - address6: Its IPv6 address.
    ///   - type: Its type.
    ///   - state: Its state.
    ///   - stateMessage: The service's text about the state.
    ///   - unknownFields: Fields this version does not know.
    public init(
        id: HSMID,
        zone: AvailabilityZone?,
        subnet: SubnetID? = nil,
        eni: ENIID? = nil,
        address: String? = nil,
        address6: String? = nil,
        type: HSMType? = nil,
        state: HSMState,
        stateMessage: String? = nil,
        unknownFields: [String: JSONValue] = [:]
    ) {
        self.id = id
        self.zone = zone
        self.subnet = subnet
        self.eni = eni
        self.address = address
        self.address6 = address6
        self.type = type
        self.state = state
        self.stateMessage = stateMessage
        self.unknownFields = unknownFields
    }

    /// Whether both are the same place in a cluster, whatever hardware stands there now.
    ///
    /// A replaced HSM has a new id on the same interface.
    /// Source: terraform-provider-aws pull request 12435 (`TF`).
    ///
    /// - Parameter other: An HSM seen at another time.
    /// - Returns: Whether the interfaces are equal, or, where one is not known, the ids.
    public func isSameHSM(as other: HSM) -> Bool {
        guard let eni, let otherENI = other.eni else { return id == other.id }
        return eni == otherENI
    }
}
