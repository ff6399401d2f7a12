import CloudHSM
import Testing

@Suite struct TagLimitsTests {
    private static func long(_ count: Int) -> String { String(repeating: "k", count: count) }

    static let cases: [(String, [String: String], ServiceException.Kind?)] = [
        ("none", [:], nil),
        ("plain", ["cost-center": "12 34_.:/=+-@ä字"], nil),
        ("an empty key", ["": "x"], .tag),
        ("a key of 128", [long(128): ""], nil),
        ("a key of 129", [long(129): ""], .tag),
        ("a value of 256", ["k": long(256)], nil),
        ("a value of 257", ["k": long(257)], .tag),
        ("a key of AWS", ["aws:x": "y"], .tag),
        ("a key with a star", ["a*b": "y"], .tag),
        ("a value with a line break", ["a": "x\u{0}y"], .tag),
        ("fifty", Dictionary(uniqueKeysWithValues: (1...50).map { ("k\($0)", "") }), nil),
        (
            "fifty-one", Dictionary(uniqueKeysWithValues: (1...51).map { ("k\($0)", "") }),
            .invalidRequest
        ),
    ]

    @Test(arguments: cases)
    func tagsAreBounded(name: String, tags: [String: String], expected: ServiceException.Kind?) {
        #expect(TagLimits.refusal(of: tags)?.kind == expected, "\(name)")
    }

    @Test func theFirstWrongTagInOrderOfKeyIsNamed() {
        let wrong = Dictionary(uniqueKeysWithValues: (1...9).map { ("\($0)*", "") })
        #expect(TagLimits.refusal(of: wrong)?.message.contains("\"1*\"") == true)
    }

    @Test(
        arguments: [
            (nil, nil, nil), (1, nil, nil), (25, nil, nil), (0, nil, .invalidRequest),
            (26, nil, .invalidRequest), (nil, long(256), nil), (nil, long(257), .invalidRequest),
        ] as [(Int?, String?, ServiceException.Kind?)]
    )
    func aPageIsBounded(size: Int?, token: String?, expected: ServiceException.Kind?) {
        let call = DescribeClusters(maxResults: size, nextToken: token)
        #expect(call.refusal()?.kind == expected)
    }
}
