import Foundation
import StrongroomText

/// What the environment says, where it must be text.
enum GivenVariables {
    /// Refuses variables that are no text: what Swift makes of their bytes names another file.
    ///
    /// - Parameter names: The variables that matter.
    /// - Throws: ``Trouble`` that shows the first such variable.
    static func requireText(of names: [String]) throws {
        for name in names {
            guard let value = getenv(name) else { continue }
            let bytes = UnsafeBufferPointer(start: value, count: strlen(value)).map {
                UInt8(bitPattern: $0)
            }
            guard String(validating: bytes, as: UTF8.self) == nil else { continue }
            throw Trouble(
                "\(name) is '\(ShownText.name(bytes))', which is not UTF-8, and no name is read in "
                    + "another encoding: rename what it names, or write it in UTF-8",
                .failure
            )
        }
    }

    /// The variables that say which credentials are meant.
    ///
    /// - Parameter variables: The environment.
    /// - Returns: Their names; the home directory only if it is looked for keys.
    static func ofCredentials(in variables: [String: String]) -> [String] {
        let files = ["AWS_SHARED_CREDENTIALS_FILE", "AWS_CONFIG_FILE"]
        let hasKeys = variables["AWS_ACCESS_KEY_ID"] != nil
        let isHomeNeeded = !hasKeys && !files.allSatisfy { variables[$0] != nil }
        return [
            "AWS_PROFILE", "AWS_CA_BUNDLE", "AWS_WEB_IDENTITY_TOKEN_FILE",
            "AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE",
        ] + files + (isHomeNeeded ? ["HOME"] : [])
    }
}
