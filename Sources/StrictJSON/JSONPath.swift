internal import StrongroomText

/// The way to a value from a document's top, such as `Backups[3].NeverExpires`.
package struct JSONPath: Hashable, Sendable, CustomStringConvertible {
    /// One step inwards.
    package enum Step: Hashable, Sendable {
        case key(String)
        case index(Int)
    }

    /// The steps from the outermost inwards; none for the topmost value.
    package private(set) var steps: [Step]

    package init(_ steps: [Step] = []) {
        self.steps = steps
    }

    /// Reads a path of plain names as ``description`` writes it.
    package init(names: String) {
        steps = names.split { $0 == "." || $0 == "[" }.map { part in
            part.hasSuffix("]")
                ? Int(part.dropLast()).map { .index($0) } ?? .key(String(part)) : .key(String(part))
        }
    }

    /// The path of a member.
    package func key(_ key: String) -> JSONPath { JSONPath(steps + [.key(key)]) }

    /// The path of an element.
    package func index(_ index: Int) -> JSONPath { JSONPath(steps + [.index(index)]) }

    /// The path of the value that this one stands in; the topmost one's own.
    var outer: JSONPath { JSONPath(steps.dropLast()) }

    mutating func enter(_ step: Step) { steps.append(step) }

    mutating func leave() { steps.removeLast() }

    /// The path as people write it; keys that are no plain names stand in quotes.
    package var description: String {
        steps.reduce(into: "") { text, step in
            switch step {
            case .index(let index): text += "[\(index)]"
            case .key(let key) where !Self.isPlain(key): text += "[\"\(ShownText.line(key))\"]"
            case .key(let key): text += text.isEmpty ? key : ".\(key)"
            }
        }
    }

    private static func isPlain(_ key: String) -> Bool {
        !key.isEmpty
            && key.unicodeScalars.allSatisfy {
                $0.isASCII && ($0.properties.isAlphabetic || $0.properties.numericType != nil)
                    || $0 == "_" || $0 == "-"
            }
    }
}
