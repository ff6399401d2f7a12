/// Tells which tags may hold a secret, so that none is written into a file that goes to Git.
///
/// It would rather leave out a harmless tag than write a secret one: a tag that is left out is not
/// managed, and stays as it is.
enum SecretLook {
    /// Words that a key is made of if its value may be secret.
    private static let words: Set<String> = [
        "key", "keys", "pin", "pwd", "pass", "passwd", "auth", "cred", "creds", "psk", "otp",
    ]

    /// Parts of a key, wherever they stand in it.
    private static let parts = [
        "password", "passwort", "passphrase", "passcode", "passwd", "secret", "token",
        "credential", "apikey", "accesskey", "privatekey", "signingkey", "encryptionkey",
    ]

    /// Whether a tag may hold a secret, by its key or by what its value looks like.
    ///
    /// - Parameters:
    ///   - key: The tag's key.
    ///   - value: The tag's value.
    /// - Returns: Whether it is to be left out.
    static func isSecret(key: String, value: String) -> Bool {
        let letters = key.lowercased().filter(\.isLetter)
        return parts.contains(where: letters.contains)
            || !words.isDisjoint(with: wordsOf(key)) || isCredential(value)
    }

    /// The words of a key, such as `db`, `pwd` of `DbPwd`, `db-pwd` or `DB_PWD`.
    private static func wordsOf(_ key: String) -> Set<String> {
        var words: Set<String> = []
        var word = ""
        var previous: Character = " "
        for letter in key + " " {
            let begins = letter.isUppercase && previous.isLowercase
            if !letter.isLetter || begins {
                words.insert(word.lowercased())
                word = ""
            }
            if letter.isLetter { word.append(letter) }
            previous = letter
        }
        return words
    }

    /// What a private key, or an access key of AWS (IAM User Guide, "IAM identifiers"), begins with.
    private static func isCredential(_ value: String) -> Bool {
        if value.contains("-----BEGIN") { return true }
        return ["AKIA", "ASIA"].contains { prefix in
            value.split(whereSeparator: { !$0.isLetter && !$0.isNumber })
                .contains { $0.hasPrefix(prefix) && $0.count >= 16 }
        }
    }
}
