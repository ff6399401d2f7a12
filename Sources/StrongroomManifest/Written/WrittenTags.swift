import CloudHSM

extension Field {
    /// Tags to have; nil, and noted, if this is no mapping.
    func tags() -> Spanned<[String: String]>? {
        guard let pairs = pairs(keyName: "a tag's key") else { return nil }
        if pairs.count > TagLimits.mostPerResource {
            report(
                ValueMistake.tooMany(name, count: pairs.count, most: TagLimits.mostPerResource)
            )
        }
        var tags: [String: String] = [:]
        for (key, value) in pairs {
            let key = key.value(.text)
            let value = value.value(.text)
            guard let key, let value else { continue }
            for (mistake, span) in TagMistake.all(key: key, value: value) {
                findings.report(mistake, at: span)
            }
            tags[key.value] = value.value
        }
        return Spanned(tags, at: keySpan)
    }
}

/// A tag that the service, or Strongroom itself, would not take.
///
/// Source: botocore service model, shapes `TagKey` and `TagValue`; AWS General Reference, "Tagging AWS
/// resources" (the prefix `aws:` is reserved, in any case).
enum TagMistake: Mistake, Equatable {
    case keyLength(String)
    case valueLength(key: String)
    case character(String)
    case reservedPrefix(String)

    /// Everything wrong with one tag.
    static func all(
        key: Spanned<String>,
        value: Spanned<String>
    ) -> [(mistake: TagMistake, span: Span)] {
        var mistakes: [(TagMistake, Span)] = []
        let lowered = key.value.lowercased()
        if lowered.hasPrefix("aws:") || lowered.hasPrefix("strongroom:") {
            mistakes.append((.reservedPrefix(key.value), key.span))
        }
        if !TagLimits.keyLength.contains(key.value.unicodeScalars.count) {
            mistakes.append((.keyLength(key.value), key.span))
        }
        if !TagLimits.valueLength.contains(value.value.unicodeScalars.count) {
            mistakes.append((.valueLength(key: key.value), value.span))
        }
        for text in [key, value] where !isPlain(text.value) {
            mistakes.append((.character(text.value), text.span))
        }
        return mistakes
    }

    /// What tags may hold, seen at a glance for the letters and digits that most of them are.
    private static func isPlain(_ text: String) -> Bool {
        let isSimple = text.utf8.allSatisfy { byte in
            switch byte {
            case 0x30...0x39, 0x41...0x5A, 0x61...0x7A, 0x2D...0x2F, 0x5F: true
            default: false
            }
        }
        return isSimple || TagLimits.isPlain(text)
    }

    var rule: String {
        switch self {
        case .keyLength, .valueLength: "tag-length"
        case .character: "tag-character"
        case .reservedPrefix: "tag-prefix"
        }
    }

    var message: String {
        switch self {
        case .keyLength(let key): "the tag key \(quoted(key)) must have 1 to 128 characters"
        case .valueLength(let key):
            "the value of the tag \(quoted(key)) has more than 256 characters"
        case .character(let text):
            "\(quoted(text)) has a character that tags cannot have"
        case .reservedPrefix(let key):
            "the tag key \(quoted(key)) begins with a prefix that is reserved"
        }
    }

    var help: String {
        switch self {
        case .keyLength, .valueLength: "shorten it"
        case .character: "use letters, digits, spaces and _ . : / = + - @"
        case .reservedPrefix: "choose a key that does not begin with aws: or strongroom:"
        }
    }
}
