import CloudHSM
import StrongroomModel

/// One group with every field the service can send, as a file and as a value.
enum Sample {
    static let id = id(of: "cluster-2ndsmpk7w5q")

    static func id(of cluster: String, account: String = "111122223333") -> GroupID {
        guard
            let account = AccountID(account), let region = Region("us-east-1"),
            let cluster = ClusterID(cluster)
        else { preconditionFailure("the sample's ids are valid") }
        return GroupID(home: Place(account: account, region: region), cluster: cluster)
    }

    static func file(of id: GroupID = id) -> String {
        "\(id.home.account)/\(id.home.region)/\(id.cluster).json"
    }

    /// The file as Strongroom writes it.
    static let text = #"""
        {
          "Backups" : [
            {"BackupArn":"arn:aws:cloudhsm:eu-west-1:111122223333:backup/backup-aaaaaaaaaaa","BackupId":"backup-aaaaaaaaaaa","BackupState":"PENDING_DELETION","CopyTimestamp":1790010000,"CreateTimestamp":1790000000.123,"DeleteTimestamp":1790600000,"HsmType":"hsm2m.medium","Mode":"FIPS","NeverExpires":false,"Region":"eu-west-1","SourceBackup":"backup-ro5c4er4aac","SourceCluster":"cluster-2ndsmpk7w5q","SourceRegion":"us-east-1","TagList":[{"Key":"env","Value":"prod"}]},
            {"BackupArn":"arn:aws:cloudhsm:us-east-1:111122223333:backup/backup-ro5c4er4aac","BackupId":"backup-ro5c4er4aac","BackupState":"READY","ClusterId":"cluster-2ndsmpk7w5q","CreateTimestamp":1790000000.123,"HsmType":"hsm2m.medium","Mode":"FIPS","NeverExpires":false,"Region":"us-east-1","TagList":[{"Key":"env","Value":"prod"}]},
            {"BackupArn":"arn:elsewhere","BackupId":"backup-bbbbbbbbbbb","BackupState":"FROZEN","ClusterId":"cluster-2ndsmpk7w5q","CreateTimestamp":1790100000,"NeverExpires":true,"Region":"us-east-1","Weight":{"grams":[1,2.5,null,true]}}
          ],
          "Cluster" : {
            "BackupPolicy" : "DEFAULT",
            "BackupRetentionPolicy" : {
              "Type" : "DAYS",
              "Value" : "90"
            },
            "Certificates" : {
              "ClusterCertificate" : "-----BEGIN CERTIFICATE-----\nMII/\n"
            },
            "ClusterId" : "cluster-2ndsmpk7w5q",
            "CreateTimestamp" : 1780000000,
            "HsmType" : "hsm2m.medium",
            "HsmTypeRollbackExpiration" : 1790003600,
            "Hsms" : [
              {
                "AvailabilityZone" : "us-east-1a",
                "ClusterId" : "cluster-2ndsmpk7w5q",
                "EniId" : "eni-0a1b2c3d",
                "EniIp" : "10.0.1.5",
                "EniIpV6" : "2001:db8::5",
                "HsmId" : "hsm-aaaaaaaaaaa",
                "HsmType" : "hsm2m.medium",
                "State" : "ACTIVE",
                "StateMessage" : "HSM created.",
                "SubnetId" : "subnet-0a1b2c3d",
                "Temperature" : 41
              }
            ],
            "Mode" : "FIPS",
            "NetworkType" : "IPV4",
            "Owner" : "team é",
            "SecurityGroup" : "sg-0a1b2c3d",
            "SourceBackupId" : "backup-ccccccccccc",
            "State" : "ACTIVE",
            "StateMessage" : "fine",
            "SubnetMapping" : {
              "us-east-1a" : "subnet-0a1b2c3d"
            },
            "TagList" : [
              {
                "Key" : "env",
                "Value" : "prod"
              },
              {
                "Key" : "strongroom:cluster",
                "Value" : "payments"
              }
            ],
            "VpcId" : "vpc-1"
          },
          "Format" : 1,
          "Simulator" : {
            "daily" : 1790000000,
            "jobs" : [
              {
                "at" : 1.5
              }
            ]
          }
        }

        """#

    /// The shortest file of a group.
    static let shortText = #"{"Format": 1, "Backups": [\#(shortBackup)]}"#

    /// The shortest backup.
    static let shortBackup = #"""
        {"BackupId": "backup-ro5c4er4aac", "BackupState": "READY", \#
        "ClusterId": "cluster-2ndsmpk7w5q", "CreateTimestamp": 1790000000}
        """#
}
