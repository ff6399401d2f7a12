import CloudHSM
import CloudHSMWire
import Testing

@Suite("Refused requests")
struct RequestRefusalTests {
    struct Case: Sendable, CustomTestStringConvertible {
        let operation: String
        let body: String
        let words: String
        let kind: ServiceException.Kind

        var testDescription: String { "\(operation) \(body.prefix(80))" }

        init(
            _ operation: String,
            _ body: String,
            _ words: String,
            _ kind: ServiceException.Kind = .invalidRequest
        ) {
            self.operation = operation
            self.body = body
            self.words = words
            self.kind = kind
        }
    }

    private static let cluster = "cluster-2ndsmpk7w5q"
    private static let long = String(repeating: "x", count: 257)

    static let cases: [Case] = [
        Case("DeleteCluster", "{", "the body is not a JSON object"),
        Case("DeleteCluster", "[]", "the body is not a JSON object"),
        Case("DeleteCluster", "", "Value null at 'clusterId'"),
        Case("DeleteCluster", #"{"ClusterId":null}"#, "Member must not be null"),
        Case("DeleteCluster", #"{"ClusterId":7}"#, "can not be converted to a String"),
        Case(
            "DeleteCluster",
            #"{"ClusterId":"cluster-1"}"#,
            "1 validation error detected: Value 'cluster-1' at 'clusterId' failed to satisfy "
                + "constraint: Member must satisfy regular expression pattern: "
                + "cluster-[2-7a-zA-Z]{11,16}"
        ),
        Case("DescribeClusters", #"{"MaxResults":0}"#, "value greater than or equal to 1"),
        Case("DescribeClusters", #"{"MaxResults":26}"#, "value less than or equal to 25"),
        Case("DescribeClusters", #"{"MaxResults":1.5}"#, "can not be converted to an Integer"),
        Case("DescribeBackups", #"{"MaxResults":51}"#, "value less than or equal to 50"),
        Case("DescribeBackups", #"{"Shared":"yes"}"#, "can not be converted to a Boolean"),
        Case("DescribeBackups", #"{"NextToken":"\#(long)"}"#, "length less than or equal to 256"),
        Case("DescribeBackups", #"{"Filters":{"colour":["red"]}}"#, "\"colour\" is not known"),
        Case(
            "DescribeBackups",
            #"{"Filters":{"states":"READY"}}"#,
            "can not be converted to a List"
        ),
        Case("ListTags", #"{"ResourceId":"\#(cluster)","MaxResults":101}"#, "equal to 100"),
        Case("ListTags", #"{"ResourceId":"hsm-2ndsmpk7w5q"}"#, "(?:cluster|backup)"),
        Case("CreateHsm", #"{"ClusterId":"\#(cluster)"}"#, "Value null at 'availabilityZone'"),
        Case(
            "CreateHsm",
            #"{"ClusterId":"\#(cluster)","AvailabilityZone":"us-east-1"}"#,
            #"\d[a-z]"#
        ),
        Case(
            "CreateHsm",
            #"{"ClusterId":"\#(cluster)","AvailabilityZone":"us-east-1a","IpAddress":"1.2.3"}"#,
            "at 'ipAddress'"
        ),
        Case("DeleteHsm", #"{"ClusterId":"\#(cluster)"}"#, "exactly one of HsmId, EniId and EniIp"),
        Case(
            "DeleteHsm",
            #"{"ClusterId":"\#(cluster)","HsmId":"hsm-2ndsmpk7w5q","EniIp":"10.0.0.1"}"#,
            "exactly one of HsmId, EniId and EniIp"
        ),
        Case("ModifyCluster", #"{"ClusterId":"\#(cluster)"}"#, "give a BackupRetentionPolicy or"),
        Case(
            "ModifyCluster",
            #"{"ClusterId":"\#(cluster)","HsmType":"hsm2m.medium","#
                + #""BackupRetentionPolicy":{"Type":"DAYS","Value":"30"}}"#,
            "not both in one call"
        ),
        Case(
            "ModifyCluster",
            #"{"ClusterId":"\#(cluster)","BackupRetentionPolicy":{"Type":"DAYS","Value":"6"}}"#,
            "7 to 379 days"
        ),
        Case(
            "ModifyCluster",
            #"{"ClusterId":"\#(cluster)","BackupRetentionPolicy":{"Type":"WEEKS","Value":"9"}}"#,
            "enum value set: [DAYS]"
        ),
        Case(
            "ModifyCluster",
            #"{"ClusterId":"\#(cluster)","BackupRetentionPolicy":{"Type":"DAYS","Value":"1000"}}"#,
            "[0-9]+"
        ),
        Case(
            "CreateCluster",
            "{}",
            "2 validation errors detected: Value null at 'hsmType'"
        ),
        Case(
            "CreateCluster",
            #"{"HsmType":"hsm2m.medium","SubnetIds":[]}"#,
            "length greater than or equal to 1"
        ),
        Case(
            "CreateCluster",
            #"{"HsmType":"hsm2m.medium","SubnetIds":["subnet-0a1b2c3d"],"Mode":"SIM"}"#,
            "enum value set: [FIPS, NON_FIPS]"
        ),
        Case(
            "CreateCluster",
            #"{"HsmType":"hsm2m.medium","SubnetIds":["subnet-ffffffff"]}"#,
            "subnet-ffffffff does not exist"
        ),
        Case(
            "CreateCluster",
            #"{"HsmType":"hsm2m.medium","SubnetIds":["subnet-0a1b2c3d","subnet-0a1b2c3d"]}"#,
            "only one subnet per Availability Zone"
        ),
        Case(
            "CreateCluster",
            #"{"HsmType":"hsm2m.medium","SubnetIds":["subnet-0a1b2c3d"],"TagList":[]}"#,
            "at 'tagList'"
        ),
        Case(
            "TagResource",
            #"{"ResourceId":"\#(cluster)","TagList":[{"Key":"a"}]}"#,
            "'tagList.1.member.value'"
        ),
        Case(
            "TagResource",
            #"{"ResourceId":"\#(cluster)","TagList":[{"Key":"a","Value":""},"#
                + #"{"Key":"a","Value":"b"}]}"#,
            "given twice",
            .tag
        ),
        Case("UntagResource", #"{"ResourceId":"\#(cluster)","TagKeyList":[]}"#, "equal to 1"),
        Case("ModifyBackupAttributes", #"{"BackupId":"backup-2ndsmpk7w5q"}"#, "'neverExpires'"),
        Case("CopyBackupToRegion", #"{"BackupId":"backup-2ndsmpk7w5q"}"#, "'destinationRegion'"),
        Case("PutResourcePolicy", #"{"Policy":"{}"}"#, "Value null at 'resourceArn'"),
        Case(
            "PutResourcePolicy",
            #"{"ResourceArn":"arn:aws:cloudhsm:us-east-1:111122223333:backup/"#
                + #"backup-2ndsmpk7w5q","Policy":""}"#,
            "at 'policy'"
        ),
        Case("GetResourcePolicy", #"{"ResourceArn":"backup-2ndsmpk7w5q"}"#, "at 'resourceArn'"),
        Case("CreateBackup", "{}", "no operation CreateBackup"),
    ]

    @Test(arguments: cases) func isRefusedAsTheModelSays(_ refused: Case) {
        let refusal = #expect(throws: ServiceException.self) {
            try RequestTests.decode(refused.operation, refused.body)
        }
        #expect(refusal?.kind == refused.kind)
        #expect(refusal?.message.contains(refused.words) == true, "\(refusal as Any)")
    }

    /// No bytes, however damaged, do more than to be refused.
    @Test func damagedBodiesAreRefusedOrRead() throws {
        var chance = Chance(seed: 99)
        var read = 0
        for call in chance.calls(each: 10) {
            let body = try RequestCoding.encode(call)
            for _ in 0..<20 {
                var damaged = body
                for _ in 0..<chance.number(1...3) {
                    let place = chance.number(0...(damaged.count - 1))
                    damaged[place] = UInt8(chance.number(0...255))
                }
                let text = String(decoding: damaged, as: UTF8.self)
                do {
                    _ = try RequestTests.decode(call.operation, text, knowing: call)
                    read += 1
                } catch {
                    #expect(error.kind == .invalidRequest || error.kind == .tag)
                }
            }
        }
        #expect(read > 0)
    }
}
