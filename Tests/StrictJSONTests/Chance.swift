/// Random numbers that are the same for the same seed (SplitMix64).
struct Chance: RandomNumberGenerator {
    private var state: UInt64

    init(seed: UInt64) {
        state = seed
    }

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return mixed ^ (mixed >> 31)
    }

    mutating func one<Element>(of elements: [Element]) -> Element {
        elements[Int.random(in: elements.indices, using: &self)]
    }

    mutating func upTo(_ limit: Int) -> Int { Int.random(in: 0...limit, using: &self) }
}

extension Chance {
    /// A document with all that JSON has, written in all ways that JSON allows.
    mutating func document(depth: Int = 0) -> String {
        let kind = upTo(depth > 5 ? 4 : 6)
        let value =
            switch kind {
            case 0: one(of: ["true", "false", "null"])
            case 1: number()
            case 2...4: "\"\(text())\""
            case 5: "[" + items { $0.document(depth: depth + 1) } + space() + "]"
            default: object(depth: depth)
            }
        return space() + value + space()
    }

    private mutating func object(depth: Int) -> String {
        var count = 0
        let members = items { chance in
            count += 1
            return "\(chance.space())\"\(chance.name())\(count)\"\(chance.space()):"
                + chance.document(depth: depth + 1)
        }
        return "{\(members)\(space())}"
    }

    private mutating func items(_ item: (inout Chance) -> String) -> String {
        (0..<upTo(4)).map { _ in item(&self) }.joined(separator: ",")
    }

    private mutating func space() -> String {
        one(of: ["", "", "", " ", "\n", "\r\n", "\t", "  "])
    }

    private mutating func name() -> String {
        one(of: ["a", "Key", #"\u0045"#, "é", #"q\"q"#, "🔐", #"\ud83d\ude00"#, "", "::"])
    }

    private mutating func text() -> String {
        (0..<upTo(5)).map { _ in
            one(of: [
                "x", "é", "🔐", #"\n"#, #"\""#, #"\\"#, #"\/"#, #"\u00e9"#, #"\ud83d\ude00"#, "{",
                "7",
                #"\u0000"#, "-1", ":", ",",
            ])
        }.joined()
    }

    private mutating func number() -> String {
        let whole = one(of: ["0", "7", "90", "1793491200", "9223372036854775807"])
        let fraction = one(of: ["", "", ".5", ".250", ".0"])
        let exponent = one(of: ["", "", "", "e3", "E-2", "e+0"])
        return one(of: ["", "", "-"]) + whole + fraction + exponent
    }
}
