internal import CSimdJSON
internal import CloudHSM

/// Reads lists of tags, as the API writes them: `[{ "Key": …, "Value": … }]`.
final class TagListReader {
    private enum Key: Int, RecordKey {
        case key, value
        static let names: [StaticString] = ["Key", "Value"]
    }

    private let record = JSONRecord<Key>()

    /// The tags of a list, none if it is absent; two tags of one key are refused.
    func read(_ list: csj_slot) throws(JSONFault) -> [String: String] {
        var tags: [String: String] = [:]
        try JSONTree.forEach(of: list, at: "TagList") { (element, _) throws(JSONFault) in
            try record.readClosed(element)
            let key = try record.require(.key, try record.string(.key))
            let value = try record.require(.value, try record.string(.value))
            guard tags.updateValue(value, forKey: key) == nil else {
                throw JSONFault("Key", .repeated(name: "tag \"\(key)\""))
            }
        }
        return tags
    }
}
