import StrongroomModel

/// A value together with the stretch of text it was read from.
struct Spanned<Value: Sendable>: Sendable {
    /// The value.
    let value: Value

    /// Where it was written.
    let span: Span

    /// Joins a value and its place.
    init(_ value: Value, at span: Span) {
        self.value = value
        self.span = span
    }

    /// The same place with another value.
    func map<Other>(_ change: (Value) -> Other) -> Spanned<Other> {
        Spanned<Other>(change(value), at: span)
    }
}

extension SourceText {
    /// The value with its place as people count, for the rooms behind this one.
    func located<Value>(_ spanned: Spanned<Value>) -> Located<Value> {
        Located(spanned.value, at: location(of: spanned.span.start))
    }
}
