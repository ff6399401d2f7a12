internal import StrongroomModel

import CloudHSM

extension Shape<String> {
    /// What fleets, clusters, accounts and recovery points are called.
    static let name = Shape(
        rule: "malformed-name",
        expected: "a name: lower-case letters, digits, hyphens and dots, at most 63",
        example: "payments-eu",
        value: { ManifestName.isValid($0) ? $0 : nil }
    )

    /// A label's key, as Kubernetes writes it: an optional prefix and a slash, and a name.
    static let labelKey = Shape(
        rule: "malformed-label",
        expected:
            "a label key: letters, digits, - _ and ., at most 63, begun and ended by a letter or digit",
        example: "env",
        value: { isLabelKey($0) ? $0 : nil }
    )

    /// A label's value, as Kubernetes writes it.
    static let labelValue = Shape(
        rule: "malformed-label",
        expected:
            "a label value: letters, digits, - _ and ., at most 63, begun and ended by a letter or digit",
        example: "prod",
        value: { $0.isEmpty || isLabelName($0[...].utf8) ? $0 : nil }
    )

    /// Why something is asked for.
    ///
    /// Line breaks become spaces.
    static let reason = Shape(
        rule: "malformed-reason",
        expected: "a reason: up to 500 characters, not blank, without control characters",
        example: "\"replaced by payments-2\"",
        value: { text in
            guard text.unicodeScalars.count <= 500, !hasControls(text) else { return nil }
            let words = text.split(whereSeparator: \.isWhitespace)
            return words.isEmpty ? nil : words.joined(separator: " ")
        }
    )

    /// Free text that is not read, as annotations are.
    static let text = Shape(
        rule: "malformed-text",
        expected: "a text",
        example: "\"text\"",
        value: { $0 }
    )

    /// A role's ARN.
    static let roleARN = Shape(
        rule: "malformed-role-arn",
        expected: "a role's ARN in the partition aws or aws-us-gov",
        example: "\"arn:aws:iam::111122223333:role/strongroom\"",
        value: { RoleARN($0) == nil ? nil : $0 }
    )

    /// An external id: 2 to 1,224 letters, digits and some signs (STS, AssumeRole).
    static let externalID = Shape(
        rule: "malformed-external-id",
        expected: "an external id: 2 to 1224 letters, digits and any of +=,.@:/_-",
        example: "\"strongroom-7f3a\"",
        value: { text in
            let signs = Set("+=,.@:/_-")
            let isKnown = text.allSatisfy { character in
                character.isASCII
                    && (character.isLetter || character.isNumber || signs.contains(character))
            }
            return (2...1_224).contains(text.count) && isKnown ? text : nil
        }
    )

    /// A path, relative or absolute.
    static let path = Shape(
        rule: "malformed-path",
        expected: "a path",
        example: "./state",
        value: { isPath($0) ? $0 : nil }
    )

    /// A path below the manifest's own place.
    static let relativePath = Shape(
        rule: "malformed-path",
        expected: "a path relative to this file",
        example: "certs/payments.crt",
        value: { isPath($0) && !$0.hasPrefix("/") ? $0 : nil }
    )
}

extension Shape<AccountID> {
    /// An account's id.
    static let accountID = Shape(
        rule: "malformed-account-id",
        expected: "an account id of twelve digits",
        example: "\"111122223333\"",
        value: { AccountID($0) }
    )
}

extension Shape<ClusterID> {
    /// A cluster's id.
    static let clusterID = Shape(
        rule: "malformed-cluster-id",
        expected: "a cluster id: cluster- and 11 to 16 letters or digits 2 to 7",
        example: "cluster-2ndsmpk7w5q",
        value: { ClusterID($0) }
    )
}

extension Shape<BackupID> {
    /// A backup's id.
    static let backupID = Shape(
        rule: "malformed-backup-id",
        expected: "a backup id: backup- and 11 to 16 letters or digits 2 to 7",
        example: "backup-ro5c4er4aac",
        value: { BackupID($0) }
    )
}

extension Shape<Region> {
    /// A Region that has CloudHSM's API (fact sheet, section 1).
    static let region = Shape(
        rule: "malformed-region",
        expected: "a Region of the partitions aws and aws-us-gov, the only ones with CloudHSM",
        example: "us-east-1",
        value: { text in Region(text).flatMap { $0.partition == nil ? nil : $0 } }
    )
}

extension Shape<AvailabilityZone> {
    /// An Availability Zone.
    static let zone = Shape(
        rule: "malformed-zone",
        expected: "an Availability Zone: a Region and one letter",
        example: "us-east-1a",
        value: { text in
            AvailabilityZone(text).flatMap { $0.region.partition == nil ? nil : $0 }
        }
    )
}

extension Shape<SubnetID> {
    /// A subnet's id.
    static let subnetID = Shape(
        rule: "malformed-subnet-id",
        expected: "a subnet id: subnet- and 8 to 17 hexadecimal digits",
        example: "subnet-0a1b2c3d",
        value: { SubnetID($0) }
    )
}

extension Shape<HSMType> {
    /// An HSM's type.
    static let hsmType = Shape(
        rule: "malformed-hsm-type",
        expected: "an HSM type",
        example: "hsm2m.medium",
        value: { HSMType($0) }
    )
}

extension Shape<Duration> {
    /// A span of time.
    static let duration = Shape(
        rule: "malformed-duration",
        expected: "a span: a whole number from 1 to 99999 and m, h or d",
        example: "26h",
        value: { SpanText.duration($0) }
    )
}
