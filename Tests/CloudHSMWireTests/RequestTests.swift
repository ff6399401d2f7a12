import CloudHSM
import CloudHSMWire
import Foundation
import Testing

@Suite("Requests")
struct RequestTests {
    static let seed: UInt64 = 4_711

    struct Written: Codable {
        let operation: String
        let body: String
    }

    struct Opinion: Decodable {
        let complaints: [String]
        let body: String
        let target: String
        let contentType: String
    }

    /// What we write is right by botocore's model, and what botocore writes instead reads the same.
    @Test func botocoreAndWeWriteTheSameRequests() throws {
        var chance = Chance(seed: Self.seed)
        let calls = chance.calls(each: 12)
        let written = try calls.map {
            Written(
                operation: $0.operation,
                body: String(decoding: try RequestCoding.encode($0), as: UTF8.self)
            )
        }
        let opinions: [Opinion] = try Botocore.opinion("requests", on: written)
        try #require(opinions.count == calls.count)
        #expect(Set(calls.map(\.operation)) == Set(CloudHSMEndpoint.operations))
        for (number, (call, opinion)) in zip(calls, opinions).enumerated() {
            let words: Comment = "seed \(Self.seed), call \(number), \(call.operation)"
            #expect(opinion.complaints == [], words)
            #expect(opinion.target == CloudHSMEndpoint.target(call.operation), words)
            #expect(opinion.contentType == CloudHSMEndpoint.contentType, words)
            for body in [written[number].body, opinion.body] {
                let read = try Self.decode(call.operation, body, knowing: call)
                #expect(read == call, words)
            }
        }
    }

    @Test func equalCallsGiveEqualBytes() throws {
        var first = Chance(seed: Self.seed)
        var second = Chance(seed: Self.seed)
        for (one, other) in zip(first.calls(each: 3), second.calls(each: 3)) {
            #expect(try RequestCoding.encode(one) == RequestCoding.encode(other))
        }
    }

    @Test func whatIsLeftOutIsFilledIn() throws {
        let body = #"{"HsmType":"hsm2m.medium","SubnetIds":["subnet-0a1b2c3d"]}"#
        guard case .createCluster(let request) = try Self.decode("CreateCluster", body) else {
            Issue.record("another operation")
            return
        }
        #expect(request.mode == .fips)
        #expect(request.networkType == .ipv4)
        #expect(request.retention.days == 90)
        #expect(request.sourceBackup == nil)
        #expect(request.tags.isEmpty)
        #expect(request.subnets == [Self.zone: Self.subnet])
    }

    @Test func aSourceBackupMayBeAnARN() throws {
        let id = BackupID(bits: 7)
        for text in ["\(id)", "arn:aws:cloudhsm:us-east-1:111122223333:backup/\(id)"] {
            let body =
                #"{"HsmType":"hsm2m.medium","SubnetIds":["subnet-0a1b2c3d"],"#
                + #""SourceBackupId":"\#(text)"}"#
            guard case .createCluster(let request) = try Self.decode("CreateCluster", body) else {
                Issue.record("another operation")
                return
            }
            #expect(request.sourceBackup == id)
        }
    }

    @Test func unknownMembersArePassedOver() throws {
        let body = #"{"BackupId":"\#(BackupID(bits: 1))","Surprise":{"a":[1,null,true,1.5]}}"#
        #expect(
            try Self.decode("DeleteBackup", body)
                == .deleteBackup(DeleteBackup(backup: BackupID(bits: 1)))
        )
    }

    private static let subnet = SubnetID("subnet-0a1b2c3d")
    private static let zone = AvailabilityZone("us-east-1a")

    static func decode(
        _ operation: String,
        _ body: String,
        knowing call: Call? = nil
    ) throws(ServiceException) -> Call {
        var zones: [SubnetID: AvailabilityZone] = [:]
        if let subnet, let zone { zones[subnet] = zone }
        if case .createCluster(let request)? = call {
            for (zone, subnet) in request.subnets { zones[subnet] = zone }
        }
        return try RequestCoding.decode(
            operation: operation,
            body: Array(body.utf8),
            subnetZones: { zones[$0] }
        )
    }
}
