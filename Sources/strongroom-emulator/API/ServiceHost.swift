import CloudHSM

/// What the name of a host says of the Region it stands for.
///
/// Source: `API`, `GR`: `cloudhsmv2.<region>.amazonaws.com` and `.api.aws`, both also with `-fips`.
enum ServiceHost {
    /// The Region of a host of the service.
    ///
    /// - Parameter host: The host, lower-case, without a port.
    /// - Returns: The Region; `nil` if the host is not one of AWS's for this service.
    static func region(of host: String) -> Region? {
        for prefix in ["cloudhsmv2.", "cloudhsmv2-fips."] where host.hasPrefix(prefix) {
            for suffix in [".amazonaws.com", ".api.aws"] where host.hasSuffix(suffix) {
                return Region(String(host.dropFirst(prefix.count).dropLast(suffix.count)))
            }
        }
        return nil
    }
}
