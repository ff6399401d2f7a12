/// A text of sections and keys, as AWS's shared files are, read strictly.
///
/// Source: AWS SDKs and Tools Reference Guide, "Shared config and credentials files: Format of the
/// config and credentials files". As in botocore a section or a key that comes twice is a mistake.
package struct INIFile: Sendable {
    /// A section, the part of the file below a name in brackets.
    package struct Section: Sendable {
        /// What stands in the brackets, without outer spaces.
        package let title: String

        /// Where it begins, from 1.
        package let line: Int

        /// Its keys in lower case.
        package fileprivate(set) var values: [String: Value] = [:]
    }

    /// What a key is given.
    package struct Value: Sendable {
        /// The text; empty for a key with keys of its own below it.
        package let text: String

        /// Where it stands, from 1.
        let line: Int
    }

    /// A line that is no such text, which is not repeated because it may hold a key.
    package struct Fault: Error, Hashable, Sendable {
        package let line: Int
        let reason: String
    }

    /// The sections in the order written.
    package private(set) var sections: [Section] = []

    /// Reads a text.
    ///
    /// - Parameter bytes: The file's content, UTF-8.
    /// - Throws: ``Fault`` at the first line that cannot be read.
    package init(_ bytes: [UInt8]) throws(Fault) {
        guard let text = String(validating: bytes, as: UTF8.self) else {
            throw Fault(line: 1, reason: "the file is not UTF-8")
        }
        var lastKey: (name: String, isParent: Bool)?
        let lines = text.split(omittingEmptySubsequences: false) { $0.isNewline }
        for (index, line) in lines.enumerated() {
            let number = index + 1
            guard !line.unicodeScalars.contains(where: { $0.value < 0x20 && $0 != "\t" }) else {
                throw Fault(line: number, reason: "there is a control character")
            }
            let content = line.trimmed
            if content.isEmpty || content.hasPrefix("#") || content.hasPrefix(";") { continue }
            if line.first?.isWhitespace == true {
                // Keys below a key, such as those of s3; none of them is about credentials.
                guard lastKey?.isParent == true else {
                    throw Fault(
                        line: number,
                        reason: "the line is indented, but no key without a value is before it"
                    )
                }
                continue
            }
            if content.hasPrefix("[") {
                try begin(content, at: number)
                lastKey = nil
            } else {
                lastKey = try add(content, at: number)
            }
        }
    }

    private mutating func begin(_ content: Substring, at line: Int) throws(Fault) {
        guard let end = content.firstIndex(of: "]") else {
            throw Fault(line: line, reason: "the name in brackets has no end")
        }
        let rest = content[content.index(after: end)...].trimmed
        guard rest.isEmpty || rest.hasPrefix("#") || rest.hasPrefix(";") else {
            throw Fault(line: line, reason: "there is text behind the brackets")
        }
        let title = String(content[..<end].dropFirst().trimmed)
        guard !title.isEmpty else { throw Fault(line: line, reason: "the brackets are empty") }
        if let first = sections.first(where: { $0.title == title }) {
            throw Fault(
                line: line,
                reason: "[\(escaped(title))] is written twice, first in line \(first.line)"
            )
        }
        sections.append(Section(title: title, line: line))
    }

    private mutating func add(
        _ content: Substring,
        at line: Int
    ) throws(Fault) -> (name: String, isParent: Bool) {
        guard let equals = content.firstIndex(of: "=") else {
            throw Fault(line: line, reason: "there is no = between key and value")
        }
        let name = content[..<equals].trimmed.lowercased()
        guard !name.isEmpty, !name.contains(where: \.isWhitespace) else {
            throw Fault(line: line, reason: "what stands before the = is no key")
        }
        guard let last = sections.indices.last else {
            throw Fault(line: line, reason: "there is a key before the first [name]")
        }
        if let first = sections[last].values[name] {
            throw Fault(
                line: line,
                reason: "\(Self.shown(name)) is given twice, first in line \(first.line)"
            )
        }
        let value = String(content[content.index(after: equals)...].trimmed)
        sections[last].values[name] = Value(text: value, line: line)
        return (name, value.isEmpty)
    }

    /// A key's name, unless it could be a secret that stands where a name should.
    private static func shown(_ name: String) -> String {
        let isWord = name.utf8.allSatisfy { (0x61...0x7A).contains($0) || $0 == 0x5F }
        return isWord && name.utf8.count <= 40 ? name : "a key"
    }
}

extension Substring {
    /// Without outer spaces and tabs.
    fileprivate var trimmed: Substring {
        guard let first = firstIndex(where: { !$0.isWhitespace }),
            let last = lastIndex(where: { !$0.isWhitespace })
        else { return "" }
        return self[first...last]
    }
}
