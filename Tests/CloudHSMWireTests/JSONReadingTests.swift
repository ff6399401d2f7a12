import CloudHSM
import CloudHSMWire
import Foundation
import Testing

/// The reader of answers is our own, so it is held against Foundation's and Python's.
@Suite("Reading JSON")
struct JSONReadingTests {
    private static let call = Call.createHSM(
        CreateHSM(cluster: ClusterID(bits: 1), zone: zone)
    )

    private static var zone: AvailabilityZone {
        guard let zone = AvailabilityZone("us-east-1a") else {
            preconditionFailure("us-east-1a is a zone")
        }
        return zone
    }

    /// A value, as it is kept where a member is not known; `nil` if the body is refused.
    private static func ours(_ value: [UInt8]) -> JSONValue?? {
        let hsm = Array(#"{"Hsm":{"HsmId":"\#(HSMID(bits: 1))","Novelty":"#.utf8)
        let body = hsm + value + Array("}}".utf8)
        guard
            case .hsm(let read)? = try? AnswerCoding.decode(body, of: call, region: zone.region)
        else { return .none }
        return .some(read.unknownFields["Novelty"])
    }

    private static func foundationsBody(_ value: [UInt8]) -> [UInt8] {
        Array(#"{"Novelty":"#.utf8) + value + Array("}".utf8)
    }

    private static func foundations(_ value: [UInt8]) -> JSONValue?? {
        let body = Data(foundationsBody(value))
        let read = try? JSONDecoder().decode([String: JSONValue].self, from: body)
        guard let read else { return .none }
        return .some(read["Novelty"].flatMap { $0 == .null ? nil : $0 })
    }

    static let values: [String] = [
        "0", "-0", "1", "-1", "9223372036854775807", "-9223372036854775807", "9223372036854775808",
        "1.5", "-0.25", "1e3", "1E+2", "1.25e-3", "0.1", "123456789.123", "1e400", "01", "-", "+1",
        ".5", "1.", "1e", "1e+", "0x10", "NaN", "Infinity", "-Infinity", "1 2", "true", "false",
        "null", "True", "nul", "truefalse", #""""#, #""a""#, #""\"\\\/\b\f\n\r\t""#,
        #""\u0041\u00e4\u20AC""#, #""\ud83d\ude00""#, #""\ud83d""#, #""\ude00\ud83d""#,
        #""\ud83d\u0041""#, #""\u00zz""#, #""\x41""#, #""\"#, #""open"#, "\"tab\there\"",
        "\"nul\u{0}here\"", "\"ß€😀\"", "[]", "[1]", "[1,2]", "[1,]", "[,1]", "[1 2]", "[", "]",
        "[[[]]]", "{}", #"{"a":1}"#, #"{"a":1,}"#, #"{"a"}"#, #"{"a":}"#, #"{a:1}"#, #"{1:1}"#,
        #"{"a":1 "b":2}"#, #"{"a":{"b":[{"c":null}]}}"#, " \t\r\n1 \n", "\u{FEFF}1", "'a'",
        "//x\n1",
        "1}", #"1,"more":2"#, "", " ", "undefined",
    ]

    /// Python says what is JSON, and Foundation, which is more lenient, what it says.
    @Test func damagedValuesAreTakenForWhatTheyAre() throws {
        let seed: UInt64 = 2_718
        var chance = Chance(seed: seed)
        let letters =
            Array("{}[]\",:\\u0019eE+-.tfn ä".utf8) + [0x00, 0x1F, 0x7F, 0x80, 0xC3, 0xFF]
        var cases = Self.values.map { Array($0.utf8) }
        for _ in 0..<20_000 {
            var bytes = Array(chance.one(of: Self.values).utf8)
            for _ in 0..<chance.number(1...3) {
                let letter = chance.one(of: letters)
                let place = chance.number(0...bytes.count)
                switch chance.number(0...2) {
                case 0: bytes.insert(letter, at: place)
                case 1 where place < bytes.count: bytes[place] = letter
                default: if place < bytes.count { bytes.remove(at: place) }
                }
            }
            cases.append(bytes)
        }
        let bodies = cases.map { Self.foundationsBody($0).map(Self.hexadecimal).joined() }
        let areJSON: [Bool] = try Botocore.opinion("texts", on: bodies)
        try #require(areJSON.count == cases.count)
        for (number, (bytes, isJSON)) in zip(cases, areJSON).enumerated() {
            let words: Comment =
                "seed \(seed), case \(number): \(String(decoding: bytes, as: UTF8.self))"
            guard isJSON else {
                #expect(Self.ours(bytes) == .none, words)
                continue
            }
            let (ours, foundations) = (Self.ours(bytes), Self.foundations(bytes))
            #expect(ours.map { $0?.comparable } == foundations.map { $0?.comparable }, words)
        }
        #expect(areJSON.count { $0 } > 1_000 && areJSON.count { !$0 } > 1_000)
    }

    private static func hexadecimal(_ byte: UInt8) -> String {
        (byte < 16 ? "0" : "") + String(byte, radix: 16)
    }

    @Test func whatIsNestedTooDeeplyIsRefused() {
        let shallow = String(repeating: "[", count: 60) + String(repeating: "]", count: 60)
        let deep = String(repeating: "[", count: 200_000)
        #expect(Self.ours(Array(shallow.utf8)) != .none)
        #expect(Self.ours(Array(deep.utf8)) == .none)
    }

    @Test(
        arguments: [[0xC3, 0x28], [0xE2, 0x82], [0xF8], [0xED, 0xA0, 0x80], [0xC0, 0x80]]
            as [[UInt8]]
    )
    func textThatIsNotUTF8IsRefused(_ bytes: [UInt8]) {
        #expect(Self.ours([0x22] + bytes + [0x22]) == .none)
    }

    @Test(
        arguments: [
            #"{"a":1,"a":1}"#, #"{"a":1,"b":2,"a":3}"#, #"{"a":1,"\u0061":2}"#,
            #"{"\u0061":1,"a":2}"#, #"{"a":null,"a":2}"#, #"[{"b":{"a":1,"a":2}}]"#,
            "{" + (0..<40).map { "\"a\($0)\":0" }.joined(separator: ",") + #","a35":1}"#,
        ]
    )
    func aNameThatStandsTwiceIsRefused(_ value: String) {
        #expect(Self.ours(Array(value.utf8)) == .none)
    }

    @Test(
        arguments: [
            #""NeverExpires":true,"NeverExpires":false"#,
            #""NeverExpires":true,"\u004eeverExpires":false"#,
            #""BackupState":"READY","BackupState":"DELETED""#,
            #""CreateTimestamp":-0"#, #""CreateTimestamp":-1"#,
        ]
    )
    func ofABackupNothingIsBelievedThatMayBeReadInTwoWays(_ members: String) throws {
        let id = BackupID(bits: 1)
        let time = members.contains("CreateTimestamp") ? "" : #""CreateTimestamp":1,"#
        let state = members.contains("BackupState") ? "" : #""BackupState":"READY","#
        let body =
            #"{"Backups":[{"BackupId":"\#(id)","ClusterId":"\#(ClusterID(bits: 1))",\#(time)"#
            + #"\#(state)\#(members)}]}"#
        #expect(throws: WireError.self) {
            try AnswerCoding.decode(
                Array(body.utf8),
                of: .describeBackups(DescribeBackups()),
                region: Self.zone.region
            )
        }
        let twice = #"{"Backups":[],"Backups":[]}"#
        #expect(throws: WireError.self) {
            try AnswerCoding.decode(
                Array(twice.utf8),
                of: .describeBackups(DescribeBackups()),
                region: Self.zone.region
            )
        }
    }

    @Test(arguments: ["090", "+90", "-0", "90.0", " 90"])
    func aRetentionThatIsWrittenStrangelyIsRefused(_ days: String) {
        let body =
            #"{"Clusters":[{"ClusterId":"\#(ClusterID(bits: 1))","State":"ACTIVE","#
            + #""HsmType":"hsm2m.medium","BackupRetentionPolicy":{"Type":"DAYS","Value":"\#(days)"}}]}"#
        #expect(throws: WireError.self) {
            try AnswerCoding.decode(
                Array(body.utf8),
                of: .describeClusters(DescribeClusters()),
                region: Self.zone.region
            )
        }
    }

    @Test func namesMayBeWrittenWithEscapes() throws {
        let body = #"{"\u0048smI\u0064":"hsm-\u0032ndsmpk7w5q"}"#
        let answer = try AnswerCoding.decode(
            Array(body.utf8),
            of: .deleteHSM(DeleteHSM(cluster: ClusterID(bits: 1), hsm: HSMID(bits: 2))),
            region: Self.zone.region
        )
        #expect(answer == .hsmID(try #require(HSMID("hsm-2ndsmpk7w5q"))))
    }
}

extension JSONValue {
    /// The value, so that both readers' numbers compare: 1e3 is a whole number to Foundation, and
    /// of what exceeds a double's precision it cuts the fraction off instead of rounding.
    fileprivate var comparable: JSONValue {
        switch self {
        case .null, .bool, .string: self
        case .integer(let number): JSONValue.number(Double(number)).comparable
        case .number(let number):
            abs(number) < 0x1p53 ? self : .number(number.sign == .minus ? -0x1p53 : 0x1p53)
        case .array(let elements): .array(elements.map(\.comparable))
        case .object(let members): .object(members.mapValues(\.comparable))
        }
    }
}
