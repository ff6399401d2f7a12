/// A place in a file a person wrote.
public struct SourceLocation: Hashable, Sendable, Codable {
    /// The file as the user named it, or `-` for standard input.
    public let file: String

    /// The line, counted from 1.
    public let line: Int

    /// The column in Unicode scalars, counted from 1.
    public let column: Int

    /// Names a place.
    ///
    /// - Parameters:
    ///   - file: The file as the user named it.
    ///   - line: The line, from 1.
    ///   - column: The column in Unicode scalars, from 1.
    public init(file: String, line: Int, column: Int) {
        self.file = file
        self.line = line
        self.column = column
    }
}

extension SourceLocation: Comparable {
    /// Orders by file, then line, then column.
    public static func < (left: SourceLocation, right: SourceLocation) -> Bool {
        (left.file, left.line, left.column) < (right.file, right.line, right.column)
    }
}

extension SourceLocation: CustomStringConvertible {
    /// `file:line`, as plans and editors show it.
    public var description: String { "\(file):\(line)" }
}

/// A value together with the place it was read from.
public struct Located<Value: Sendable>: Sendable {
    /// The value.
    public let value: Value

    /// Where a person wrote it.
    public let location: SourceLocation

    /// Joins a value and its place.
    ///
    /// - Parameters:
    ///   - value: The value.
    ///   - location: Where it was read.
    public init(_ value: Value, at location: SourceLocation) {
        self.value = value
        self.location = location
    }
}

extension Located: Equatable where Value: Equatable {}
extension Located: Hashable where Value: Hashable {}
