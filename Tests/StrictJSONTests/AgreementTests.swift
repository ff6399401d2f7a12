import Foundation
import StrictJSON
import Testing

@Suite("Strict JSON and other readers") struct AgreementTests {
    private static let seeds = (1...3000 as ClosedRange<UInt64>)

    /// A value in one form, whoever read it; truth values are 1 and 0, as they are to Foundation,
    /// and -0 is 0.
    private func form(_ tree: JSONTree) throws -> String {
        switch tree {
        case .null: "null"
        case .bool(let value): "\(value ? 1.0 : 0.0)"
        case .number(let number): "\(try #require(Double(number.text)) + 0)"
        case .string(let text): text.debugDescription
        case .array(let elements): "\(try elements.map(form))"
        case .object(let object):
            "\(try object.members.map { try member($0.key, form($0.value)) }.sorted())"
        }
    }

    private func member(_ key: String, _ value: String) -> String {
        "\(key.debugDescription): \(value)"
    }

    private func form(_ value: Any) throws -> String {
        switch value {
        case is NSNull: return "null"
        case let text as String: return text.debugDescription
        case let list as [Any]: return "\(try list.map(form))"
        case let fields as [String: Any]:
            return "\(try fields.map { try member($0, form($1)) }.sorted())"
        default:
            // Long numbers are decimal ones to Foundation; their text is exact, doubleValue is not.
            let number = try #require(value as? NSNumber)
            return "\((Double(number.stringValue) ?? number.doubleValue) + 0)"
        }
    }

    @Test func whatIsTakenIsReadAlikeByFoundation() throws {
        for seed in Self.seeds {
            var chance = Chance(seed: seed)
            let text = chance.document()
            let tree = try StrictJSON.read(Array(text.utf8))
            let other = try JSONSerialization.jsonObject(
                with: Data(text.utf8),
                options: .fragmentsAllowed
            )
            #expect(try form(tree) == form(other), "seed \(seed): \(text)")
        }
    }

    @Test func whatIsTakenAfterDamageIsReadAlikeByFoundation() throws {
        var taken = 0
        for seed in Self.seeds {
            var chance = Chance(seed: seed)
            let bytes = chance.damaged(Array(chance.document().utf8))
            guard let tree = try? StrictJSON.read(bytes) else { continue }
            taken += 1
            let other = try JSONSerialization.jsonObject(
                with: Data(bytes),
                options: .fragmentsAllowed
            )
            let text = String(decoding: bytes, as: UTF8.self)
            #expect(try form(tree) == form(other), "seed \(seed): \(text)")
        }
        // Many changes leave a document valid, such as another letter in a text.
        #expect(taken > Self.seeds.count / 20)
    }

    @Test func anyBytesEndInAVerdictThatBothPassesShare() {
        let limits = [
            StrictJSON.Limits(), StrictJSON.Limits(depth: 3, unseen: .refused),
            StrictJSON.Limits(unseen: .taken),
        ]
        for seed in 1...20_000 as ClosedRange<UInt64> {
            var chance = Chance(seed: seed)
            let bytes = chance.anyBytes()
            for limits in limits {
                let second = JSONInspection.firstFault(in: bytes, limits)
                do throws(JSONRefusal) {
                    _ = try StrictJSON.read(bytes, limits)
                    #expect(second == nil, "seed \(seed): \(bytes)")
                } catch {
                    #expect(
                        error == second && error.reason != .unreadable,
                        "seed \(seed): \(bytes)"
                    )
                    #expect(!"\(error)".contains("\n"), "seed \(seed)")
                }
            }
        }
    }
}

extension Chance {
    /// Bytes that are JSON, almost JSON, or nothing at all.
    fileprivate mutating func anyBytes() -> [UInt8] {
        switch upTo(3) {
        case 0: (0..<upTo(40)).map { _ in UInt8(truncatingIfNeeded: next()) }
        case 1: (0..<upTo(30)).flatMap { _ in Array(one(of: Self.pieces).utf8) }
        default: damaged(Array(document().utf8))
        }
    }

    private static let pieces = [
        "{", "}", "[", "]", ",", ":", "\"", "\\", "\\u", "d800", "dc00", "0", "1", "-", ".", "e",
        "+",
        "true", "null", "NaN", " ", "\n", "é", "\u{202E}", "\"a\"", "\"a\":", "/", "'", "00", "\0",
        "99999999999999999999", "1e309", "-0",
    ]

    /// The bytes with a few changes.
    fileprivate mutating func damaged(_ bytes: [UInt8]) -> [UInt8] {
        var bytes = bytes
        for _ in 0...upTo(2) where !bytes.isEmpty {
            let index = upTo(bytes.count - 1)
            switch upTo(4) {
            case 0: bytes[index] ^= 1 << UInt8(upTo(7))
            case 1: bytes.remove(at: index)
            case 2: bytes.insert(bytes[upTo(bytes.count - 1)], at: index)
            case 3: bytes.insert(contentsOf: one(of: Self.pieces).utf8, at: index)
            default: bytes.removeLast(upTo(bytes.count / 4))
            }
        }
        return bytes
    }
}
