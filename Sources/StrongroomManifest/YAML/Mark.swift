/// A place inside one source text, counted from zero as libyaml counts.
package struct Mark: Hashable, Sendable {
    /// The line, from 0.
    package internal(set) var line: UInt32

    /// The column in Unicode scalars, from 0.
    var column: UInt32

    /// Names a place.
    package init(line: UInt32, column: UInt32) {
        self.line = line
        self.column = column
    }

    /// The very beginning of a text.
    static let start = Mark(line: 0, column: 0)
}

/// The stretch of source text that one node was read from.
package struct Span: Hashable, Sendable {
    /// The first scalar of the node.
    package let start: Mark

    /// The place just behind the node.
    let end: Mark

    /// How many columns a caret under the node covers: its first line, and at least one column.
    package var width: Int {
        guard start.line == end.line, end.column > start.column else { return 1 }
        return Int(end.column - start.column)
    }

    /// A span of one column.
    ///
    /// - Parameter mark: The column.
    init(at mark: Mark) {
        self.init(from: mark, to: mark)
    }

    /// The stretch between two places.
    ///
    /// - Parameters:
    ///   - start: The first place.
    ///   - end: The place behind the last.
    package init(from start: Mark, to end: Mark) {
        self.start = start
        self.end = end
    }
}
