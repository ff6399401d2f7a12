/// Yes or no as manifests write it: `true` or `false`.
extension Field {
    /// A boolean; nil, and noted, if it is none or written in a way that tools read differently.
    ///
    /// - Returns: The boolean.
    func boolean() -> Spanned<Bool>? {
        guard let scalar = scalar() else { return nil }
        guard scalar.isPlain, case .boolean = PlainLook(of: scalar.text) else {
            report(BooleanMistake.text(scalar.text, name: name))
            return nil
        }
        switch scalar.text {
        case "true": return Spanned(true, at: node.span)
        case "false": return Spanned(false, at: node.span)
        default:
            report(BooleanMistake.form(scalar.text, name: name))
            return nil
        }
    }
}

/// A value that does not say yes or no the way manifests do.
enum BooleanMistake: Mistake, Equatable {
    case text(String, name: String)
    case form(String, name: String)

    var rule: String {
        switch self {
        case .text: "text-for-boolean"
        case .form: "boolean-form"
        }
    }

    var message: String {
        switch self {
        case .text(let text, let name): "\(name) is \(quoted(text)), but must be true or false"
        case .form(let text, let name):
            "\(name) is \(quoted(text)), a boolean that tools read differently"
        }
    }

    var help: String {
        switch self {
        case .text: "write true or false, without quotes"
        case .form: "write true or false, in lower case"
        }
    }
}
