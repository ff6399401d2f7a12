public import CloudHSM

/// Why a place cannot be spoken to as asked.
public enum EndpointFault: Error, Hashable, Sendable {
    /// A Region of a partition where the service has no endpoint: the Region and the partition.
    case partition(region: String, name: String)
    /// No Region is called so.
    case unknownRegion(String)
    /// An address that a flag or variable names, and what is wrong with it.
    case malformed(name: String, reason: String)
    /// An address without TLS that is not this machine's.
    case unencrypted(name: String, host: String)
    /// An endpoint of somebody's own together with the FIPS or dual-stack switch.
    case combined(name: String, with: String)
    /// An endpoint of somebody's own that is AWS's for another Region: who named it, its host, and
    /// the Region it was to be for.
    case otherRegion(name: String, host: String, Region)
    /// Two variables that mean the same and differ.
    case contradiction(String, String)
    /// A switch that is neither `true` nor `false`.
    case malformedSwitch(String)
}

extension EndpointFault: CustomStringConvertible {
    /// What is wrong, where, and what next; no address is repeated, because it may hold a password.
    public var description: String {
        switch self {
        case .partition(let region, let name):
            "\(region) lies in \(name), where CloudHSM has no endpoint that can be used; "
                + "name a Region of the partition aws or aws-us-gov"
        case .unknownRegion(let text):
            "no Region is called \(escaped(text)); write one such as us-east-1"
        case .malformed(let name, let reason):
            "the address in \(name) \(reason); write one such as https://localhost:8443"
        case .unencrypted(let name, let host):
            "the address in \(name) is plain http to \(host); "
                + "http is for this machine only, write https"
        case .combined(let name, let other):
            "\(name) names an endpoint, and \(other) asks for one of the service's own; "
                + "take one of the two away"
        case .otherRegion(let name, let host, let region):
            "\(name) names \(host), which is not of \(region); take it away, "
                + "AWS's own endpoints are found by Region"
        case .contradiction(let first, let second):
            "\(first) and \(second) name different endpoints; take one of the two away"
        case .malformedSwitch(let name):
            "\(name) is neither true nor false"
        }
    }
}
