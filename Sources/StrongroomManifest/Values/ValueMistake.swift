/// What is wrong with one value or one key, whatever it is about.
enum ValueMistake: Mistake, Equatable {
    case unknownKey(String, in: String, nearest: String?, known: [String])
    case missingKey(String, in: String, example: String)
    case missingChoice([String], in: String, example: String)
    case conflictingKeys(String, String)
    case empty(String)
    case notAMapping(String)
    case notAList(String)
    case notAValue(String)
    case booleanForWord(String, name: String)
    case numberForText(String, name: String)
    case textForNumber(String, name: String)
    case numberForm(String, name: String)
    case outOfRange(String, name: String, range: String)
    case notOneOf(String, name: String, nearest: String?, words: [String])
    case malformed(rule: String, String, name: String, expected: String, example: String)
    case tooFew(String, least: String)
    case tooMany(String, count: Int, most: Int)
    case listedTwice(String, name: String)

    var rule: String {
        switch self {
        case .unknownKey: "unknown-key"
        case .missingKey, .missingChoice: "missing-key"
        case .conflictingKeys: "conflicting-keys"
        case .empty: "empty-value"
        case .notAMapping: "not-a-mapping"
        case .notAList: "not-a-list"
        case .notAValue: "not-a-value"
        case .booleanForWord: "boolean-for-word"
        case .numberForText: "number-for-text"
        case .textForNumber: "text-for-number"
        case .numberForm: "number-form"
        case .outOfRange: "out-of-range"
        case .notOneOf: "not-one-of"
        case .malformed(let rule, _, _, _, _): rule
        case .tooFew: "too-few"
        case .tooMany: "too-many"
        case .listedTwice: "listed-twice"
        }
    }

    var message: String {
        switch self {
        case .unknownKey(let key, let owner, _, _): "\(owner) has no key \(quoted(key))"
        case .missingKey(let key, let owner, _): "\(owner) lacks the key \"\(key)\""
        case .missingChoice(let keys, let owner, _):
            "\(owner) lacks one of the keys \(keys.joined(separator: ", "))"
        case .conflictingKeys(let one, let other): "\(one) and \(other) cannot both be given"
        case .empty(let name): "\(name) is empty"
        case .notAMapping(let name): "\(name) must be a mapping of keys to values"
        case .notAList(let name): "\(name) must be a list"
        case .notAValue(let name): "\(name) must be a single value, not a list or a mapping"
        case .booleanForWord(let text, let name):
            "\(name) is \(text), which YAML tools read as a boolean, not as a word"
        case .numberForText(let text, let name):
            "\(name) is \(quoted(text)) without quotes, which YAML tools read as a number, not as a text"
        case .textForNumber(let text, let name): "\(name) is \(quoted(text)), which is not a number"
        case .numberForm(let text, let name):
            "\(name) is \(quoted(text)), a number that tools read differently"
        case .outOfRange(let text, let name, let range): "\(name) is \(text), but must be \(range)"
        case .notOneOf(let text, let name, _, let words):
            "\(name) is \(quoted(text)), but must be \(words.joined(separator: " or "))"
        case .malformed(_, let text, let name, let expected, _):
            "\(name) is \(quoted(text)), which is not \(expected)"
        case .tooFew(let name, let least): "\(name) needs at least \(least)"
        case .tooMany(let name, let count, let most):
            "\(name) has \(count) entries, but at most \(most) are allowed"
        case .listedTwice(let text, let name): "\(name) lists \(quoted(text)) twice"
        }
    }

    var help: String {
        switch self {
        case .unknownKey(_, _, let nearest, let known):
            nearest.map { "did you mean \"\($0)\"?" }
                ?? "known here: \(known.joined(separator: ", "))"
        case .missingKey(let key, _, let example): "add \(key): \(example)"
        case .missingChoice(_, _, let example): "add for example \(example)"
        case .conflictingKeys(let one, let other): "keep either \(one) or \(other)"
        case .empty: "write a value, or remove the key to leave it unmanaged"
        case .notAMapping: "write it as indented lines of key: value"
        case .notAList: "write one entry per line, each after a hyphen and a space"
        case .notAValue: "write one value behind the colon"
        case .booleanForWord(let text, _): "if the word is meant, quote it: \"\(text)\""
        case .numberForText(let text, _): "quote it: \"\(text)\""
        case .textForNumber: "write a plain number, without quotes and unit"
        case .numberForm: "write plain decimal digits, without sign, leading zero or exponent"
        case .outOfRange(_, _, let range): "write a number \(range)"
        case .notOneOf(_, _, let nearest, let words):
            nearest.map { "did you mean \"\($0)\"?" }
                ?? "write \(words.joined(separator: " or "))"
        case .malformed(_, _, _, _, let example): "write for example \(example)"
        case .tooFew: "add an entry, or remove the key to leave it unmanaged"
        case .tooMany: "remove entries"
        case .listedTwice: "remove one of the two"
        }
    }
}
