/// What the API's model demands of a text, in the words of a refusal.
///
/// Source: `API`, patterns and enums of the shapes.
enum MemberRule {
    case pattern(String)
    case oneOf([String])

    var text: String {
        switch self {
        case .pattern(let pattern): "Member must satisfy regular expression pattern: \(pattern)"
        case .oneOf(let names):
            "Member must satisfy enum value set: [\(names.joined(separator: ", "))]"
        }
    }

    static let clusterID = MemberRule.pattern("cluster-[2-7a-zA-Z]{11,16}")
    static let hsmID = MemberRule.pattern("hsm-[2-7a-zA-Z]{11,16}")
    static let backupID = MemberRule.pattern("backup-[2-7a-zA-Z]{11,16}")
    static let resourceID = MemberRule.pattern("(?:cluster|backup)-[2-7a-zA-Z]{11,16}")
    static let subnetID = MemberRule.pattern("subnet-[0-9a-fA-F]{8,17}")
    static let eniID = MemberRule.pattern("eni-[0-9a-fA-F]{8,17}")
    static let ipAddress = MemberRule.pattern(#"\d{1,3}\.\d{1,3}\.\d{1,3}\.\d{1,3}"#)
    static let hsmType = MemberRule.pattern(#"((p|)hsm[0-9][a-z.]*\.[a-zA-Z]+)"#)
    static let region = MemberRule.pattern(
        #"[a-z]{2}(-(gov))?-(east|west|north|south|central){1,2}-\d"#
    )
    static let zone = MemberRule.pattern(
        #"[a-z]{2}(-(gov))?-(east|west|north|south|central){1,2}-\d[a-z]"#
    )
    static let certificate = MemberRule.pattern(#"[a-zA-Z0-9+-/=\s]*"#)
    static let backupARN = MemberRule.pattern(
        "^(arn:aws(-(us-gov))?:cloudhsm:([a-z]{2}(-(gov|isob|iso))?-"
            + "(east|west|north|south|central){1,2}-[0-9]{1}):[0-9]{12}:backup/)?"
            + "backup-[2-7a-zA-Z]{11,16}"
    )
    static let resourceARN = MemberRule.pattern(
        "arn:aws(-(us-gov))?:cloudhsm:([a-z]{2}(-(gov|isob|iso))?-"
            + "(east|west|north|south|central){1,2}-[0-9]{1}):[0-9]{12}:"
            + "(backup/backup|cluster/cluster|hsm/hsm)-[2-7a-zA-Z]{11,16}"
    )
}
