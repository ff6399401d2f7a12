internal import CloudHSM

/// The AWS services that are spoken to.
public enum EndpointService: String, Hashable, Sendable, CaseIterable {
    /// AWS CloudHSM V2.
    case cloudHSM = "cloudhsmv2"
    /// AWS Security Token Service.
    case sts

    /// What requests to it are signed for; CloudHSM's is not the name in its host.
    ///
    /// Source: botocore service model (`API`), `signingName`.
    public var signingName: String {
        switch self {
        case .cloudHSM: "cloudhsm"
        case .sts: "sts"
        }
    }

    /// The variables that name an endpoint for this service alone.
    ///
    /// AWS makes the name from the service's id, `CloudHSM V2`; the shorter one is what people
    /// write. Source: AWS SDKs and Tools Reference Guide, "Service-specific endpoints".
    var endpointVariables: [String] {
        switch self {
        case .cloudHSM: ["AWS_ENDPOINT_URL_CLOUDHSM_V2", "AWS_ENDPOINT_URL_CLOUDHSMV2"]
        case .sts: ["AWS_ENDPOINT_URL_STS"]
        }
    }

    /// The first word of the service's host.
    ///
    /// Source: botocore endpoint rules of `cloudhsmv2` and `sts`; in GovCloud the plain host of
    /// STS is the FIPS one.
    func hostWord(isFIPS: Bool, isDualStack: Bool, in partition: Partition) -> String {
        guard isFIPS else { return rawValue }
        switch (self, partition) {
        case (.sts, .awsUSGov) where !isDualStack: return rawValue
        case (.sts, _), (.cloudHSM, _): return "\(rawValue)-fips"
        }
    }
}
