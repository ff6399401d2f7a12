/// What a text must look like to be a value of one type.
struct Shape<Value: Sendable>: Sendable {
    /// The rule that a text of another look breaks.
    let rule: String

    /// What is expected, with its article.
    let expected: String

    /// A text of that look.
    let example: String

    /// The value of a text; nil if it has another look.
    let value: @Sendable (String) -> Value?
}

extension Field {
    /// A value written as one word or text; nil, and noted, if it is anything else.
    ///
    /// - Parameter shape: What it must look like.
    /// - Returns: The value.
    func value<Value>(_ shape: Shape<Value>) -> Spanned<Value>? {
        guard let scalar = scalar() else { return nil }
        let value = shape.value(scalar.text)
        if scalar.isPlain {
            switch PlainLook(of: scalar.text) {
            case .boolean:
                report(ValueMistake.booleanForWord(scalar.text, name: name))
                return nil
            case .number where value != nil:
                report(ValueMistake.numberForText(scalar.text, name: name))
                return nil
            case .number, .empty, .text: break
            }
        }
        guard let value else {
            let mistake = ValueMistake.malformed(
                rule: shape.rule,
                scalar.text,
                name: name,
                expected: shape.expected,
                example: shape.example
            )
            report(mistake)
            return nil
        }
        return Spanned(value, at: node.span)
    }

    /// One of a few words; nil, and noted, if it is none of them.
    func choice<Choice: RawRepresentable<String> & CaseIterable & Sendable>(
        _ type: Choice.Type
    ) -> Spanned<Choice>? {
        guard let scalar = scalar() else { return nil }
        if let choice = Choice(rawValue: scalar.text) { return Spanned(choice, at: node.span) }
        let words = Choice.allCases.map(\.rawValue)
        if scalar.isPlain, case .boolean = PlainLook(of: scalar.text) {
            report(BooleanForChoice(text: scalar.text, name: name, words: words))
        } else {
            let nearest = nearestWord(to: scalar.text, among: words)
            report(
                ValueMistake.notOneOf(scalar.text, name: name, nearest: nearest, words: words)
            )
        }
        return nil
    }
}

/// A boolean where one of a few words is meant; quoting it would not help.
struct BooleanForChoice: Mistake {
    let text: String
    let name: String
    let words: [String]

    let rule = "boolean-for-word"
    var message: String { "\(name) is \(text), which YAML tools read as a boolean, not as a word" }
    var help: String { "write \(words.joined(separator: " or "))" }
}
