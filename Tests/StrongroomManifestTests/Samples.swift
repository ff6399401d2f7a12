/// Texts to put where a value stands: at the edges of what is accepted, and beyond.
enum Samples {
    static let any = [
        "", "~", "null", "true", "no", "on", "Off", "y", "0", "1", "2", "-1", "2.0", "2.5", "1e3",
        "0x10",
        "007", "+1", "1_000", "12:30", ".5", ".nan", "9999999999999999999999", "a", "prod",
        "us-east-1",
        "2026-07-01T00:00:00Z", "26h", "a b", "ünïcode", "a\tb", "a\nb", "\u{7F}", "-", "a;b",
        "aws:x", "Present", "x/y", "../x", "/x", " ", "line\n",
        String(repeating: "x", count: 64), String(repeating: "x", count: 257),
        String(repeating: "x", count: 501), String(repeating: "x/", count: 513),
    ]

    static let names = [
        "a", "a.b-c", "A", "a_b", "-a", "a-", "payments", "clone", "1", "1a", "no", "ä",
    ]
    static let counts = ["0", "1", "2", "3", "28", "29", "-1", "1.0", "1000", "1001", "two"]
    static let regions = [
        "us-east-1", "eu-west-1", "us-gov-west-1", "us-gov-east-1", "ap-southeast-2", "cn-north-1",
        "eu-gov-west-1", "us-east-11", "us-east", "us-eastwest-1", "us-easteasteast-1", "US-EAST-1",
        "us-iso-east-1", "ap-centralnorth-9", "us-east-1a",
    ]
    static let booleans = [
        "true", "false", "True", "FALSE", "yes", "No", "on", "y", "1", "0", "truth",
    ]
    static let moments = [
        "2026-07-01T00:00:00Z", "2026-07-01T00:00:00+02:00", "2026-07-01T00:00:00.123456789-23:59",
        "2026-07-01T00:00:00", "2026-07-01", "2026-07-01t00:00:00Z", "2026-02-30T00:00:00Z",
        "2026-07-01T00:00:00.Z", "2026-07-01T00:00:00.1234567890Z", "2026-07-01T25:00:00Z",
        "2026-07-01T00:00:00+2:00", "2026-07-01 00:00:00Z", "2026", "2019-01-01T00:00:00Z",
    ]

    static let byKey: [String: [String]] = [
        "apiVersion": ["strongroom/v1", "strongroom/v2", "v1", "1"],
        "kind": ["Fleet", "Cluster", "fleet", "ConfigMap"],
        "name": names, "account": names, "cluster": names, "recoveryPoint": names,
        "service": ["simulator", "aws", "moto", "AWS"],
        "state": ["./state", "state", "/var/state", "", "a\u{1B}b", " "],
        "id": ["111122223333", "11112222333", "1111222233334", "abcdefghijkl", "000000000000"],
        "roleArn": [
            "arn:aws:iam::111122223333:role/a", "arn:aws-us-gov:iam::111122223333:role/a/b",
            "arn:aws-cn:iam::111122223333:role/a", "arn:aws:iam::1:role/a",
            "arn:aws:iam::111122223333:role/", "arn:aws:iam::111122223333:role/a b",
            "arn:aws:iam::111122223333:user/a", "arn:aws:iam::111122223333:role/a:b",
        ],
        "externalId": [
            "ab", "a", "strongroom-7f3a", "a+=,.@:/_-", "a b", "a#b", "é1",
            String(repeating: "x", count: 1_224), String(repeating: "x", count: 1_225),
        ],
        "region": regions, "regions": regions,
        "clusterId": [
            "cluster-abcdefghijk", "cluster-abcdefghijklmnop", "cluster-abcdefghij",
            "cluster-abcdefghijklmnopq", "cluster-abcdefghij1", "cluster-abcdefghij8",
            "backup-abcdefghijk", "Cluster-abcdefghijk", "cluster-ABCDEFGHIJK",
        ],
        "backup": ["backup-abcdefghijk", "backup-abcdefghij", "cluster-abcdefghijk", "backup-"],
        "hsmType": [
            "hsm1.medium", "hsm2m.medium", "phsm2m.large", "hsm2.a.b", "hsm.medium", "hsm2m.",
            "hsm2m.Medium", "hsm22.medium", "hsm3.medium", "p1.medium",
            "hsm2" + String(repeating: "m", count: 26) + ".a",
            "hsm2" + String(repeating: "m", count: 27) + ".a",
        ],
        "mode": ["FIPS", "NON_FIPS", "fips", "NON-FIPS"],
        "networkType": ["IPV4", "DUALSTACK", "IPV6"],
        "newest": booleans, "includePinned": booleans,
        "whenRegionLost": ["hold", "useNewestCopy", "Hold", "use-newest-copy", "no"],
        "finalBackup": ["keep", "none", "None", "null", "pin"],
        "resumeFrom": ["backup-abcdefghijk", "backup-abcdefghij", "cluster-abcdefghijk"],
        "ensure": ["present", "absent", "Absent", "deleted"],
        "reason": ["because", "a\nb\n", " ", "", "a\u{1B}b", "a\tb", "1"],
        "hsms": counts, "keepAtLeast": counts, "clusters": counts, "perRun": counts,
        "perHour": counts + ["1000000", "1000001"],
        "perDay": counts + ["1000000", "1000001"],
        "ratio": ["0", "1", "0.34", "1.0", "1.01", "-0.1", ".5", "0.5e0", "00.5", "0.", "half"],
        "retentionDays": ["6", "7", "90", "379", "380", "1", "0", "3650", "3651", "7.0"],
        "maxAge": ["1m", "26h", "99999d", "100000d", "0h", "01h", "1", "1s", "1d12h", "H1"],
        "whenStale": ["force", "report", "no", "Force"],
        "takenBefore": moments, "takenAfter": moments, "until": moments,
        "materialRemovedAt": moments,
        "certificate": ["a.crt", "certs/a.crt", "/etc/a.crt", ""],
        "trustAnchor": ["a.crt", "certs/a.crt", "/etc/a.crt", ""],
        "us-east-1a": [
            "subnet-0a1b2c3d", "subnet-0a1b2c3", "subnet-0123456789abcdef0", "subnet-0A1B2C3D", "1",
            "29",
        ],
        "env": ["prod", "", "-", "a b", "1", "x.y_z"],
        "cost-center": ["12345", "a b", "a;b", "", "ünï", "no"],
    ]
}
