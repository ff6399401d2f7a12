import CloudHSM
import CloudHSMWire

/// The XML of the query protocol.
enum STSAnswer {
    private static let namespace = "https://sts.amazonaws.com/doc/2011-06-15/"

    /// An answer of plain fields.
    ///
    /// - Parameters:
    ///   - action: The action.
    ///   - fields: The fields of its result, in order.
    ///   - id: The request's id.
    /// - Returns: The answer.
    static func result(of action: String, _ fields: [(String, String)], id: String) -> Reply {
        result(of: action, containing: elements(fields), id: id)
    }

    /// The answer that hands out a session's key.
    ///
    /// - Parameters:
    ///   - key: The key.
    ///   - action: The action.
    ///   - id: The request's id.
    /// - Returns: The answer.
    static func session(_ key: AccessKey, of action: String, id: String) -> Reply {
        let credentials = elements([
            ("AccessKeyId", key.id),
            ("SecretAccessKey", key.secret.revealed),
            ("SessionToken", key.session?.token.revealed ?? ""),
            ("Expiration", wholeSeconds(key.session?.ends)),
        ])
        let (arn, userID) = key.principal
        let user = elements([("Arn", arn), ("AssumedRoleId", userID)])
        return result(
            of: action,
            containing: "<Credentials>\(credentials)</Credentials>"
                + "<AssumedRoleUser>\(user)</AssumedRoleUser>",
            id: id
        )
    }

    /// A refusal.
    ///
    /// - Parameters:
    ///   - refusal: Why.
    ///   - id: The request's id.
    /// - Returns: The answer.
    static func refusal(_ refusal: Refusal, id: String) -> Reply {
        let type = refusal.status < 500 ? "Sender" : "Receiver"
        let error = elements([("Type", type), ("Code", refusal.name), ("Message", refusal.message)])
        return reply(
            refusal.status,
            "<ErrorResponse xmlns=\"\(namespace)\"><Error>\(error)</Error>"
                + "<RequestId>\(id)</RequestId></ErrorResponse>"
        )
    }

    private static func result(of action: String, containing inner: String, id: String) -> Reply {
        reply(
            200,
            "<\(action)Response xmlns=\"\(namespace)\"><\(action)Result>\(inner)</\(action)Result>"
                + "<ResponseMetadata><RequestId>\(id)</RequestId></ResponseMetadata>"
                + "</\(action)Response>"
        )
    }

    private static func reply(_ status: Int, _ text: String) -> Reply {
        Reply(status: status, contentType: "text/xml", body: Array(text.utf8))
    }

    private static func elements(_ fields: [(String, String)]) -> String {
        fields.map { "<\($0.0)>\(escaped($0.1))</\($0.0)>" }.joined()
    }

    private static func escaped(_ text: String) -> String {
        text.reduce(into: "") { escaped, character in
            switch character {
            case "&": escaped += "&amp;"
            case "<": escaped += "&lt;"
            case ">": escaped += "&gt;"
            default: escaped.append(character)
            }
        }
    }

    private static func wholeSeconds(_ moment: Timestamp?) -> String {
        let milliseconds = moment?.milliseconds ?? 0
        return Timestamp(milliseconds: milliseconds - milliseconds % 1000).description
    }
}
