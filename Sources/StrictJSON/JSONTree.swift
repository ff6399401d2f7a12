/// A value as a document holds it.
package enum JSONTree: Hashable, Sendable {
    case null
    case bool(Bool)
    case number(JSONNumber)
    case string(String)
    case array([JSONTree])
    case object(JSONObject)

    /// The value of a member; `nil` if this is no object or has no such member.
    package subscript(key: String) -> JSONTree? {
        guard case .object(let object) = self else { return nil }
        return object[key]
    }

    /// An array's elements; `nil` for any other value.
    package var elements: [JSONTree]? {
        guard case .array(let elements) = self else { return nil }
        return elements
    }

    /// A string; `nil` for any other value.
    package var string: String? {
        guard case .string(let text) = self else { return nil }
        return text
    }

    /// The value at the end of a path.
    package subscript(path: JSONPath) -> JSONTree? {
        path.steps.reduce(self) { (tree: JSONTree?, step) in
            switch step {
            case .key(let key): tree?[key]
            case .index(let index):
                tree?.elements.flatMap { $0.indices.contains(index) ? $0[index] : nil }
            }
        }
    }
}

/// An object's members, in the document's order; no two have equal keys.
package struct JSONObject: Hashable, Sendable {
    /// A key and its value.
    package struct Member: Hashable, Sendable {
        package let key: String
        package let value: JSONTree
    }

    /// The members in the document's order.
    package private(set) var members: [Member] = []

    private var positions: [String: Int] = [:]

    package init() {}

    /// The value of a member.
    package subscript(key: String) -> JSONTree? { positions[key].map { members[$0].value } }

    /// The keys in the document's order.
    package var keys: [String] { members.map(\.key) }

    /// Adds a member.
    ///
    /// Keys are compared as Swift and people compare text: `é` is one key, however it is composed.
    ///
    /// - Returns: Whether it was added: its key was not there.
    mutating func add(_ key: String, _ value: JSONTree) -> Bool {
        guard positions.updateValue(members.count, forKey: key) == nil else { return false }
        members.append(Member(key: key, value: value))
        return true
    }
}
