import CloudHSM
import StrongroomModel

/// One entry of a fleet's `accounts`.
struct WrittenAccount {
    /// The name clusters refer to it by.
    private(set) var name: Spanned<String>?

    /// Its id.
    private(set) var id: Spanned<AccountID>?

    /// The role to take on in it.
    private(set) var roleARN: Spanned<String>?

    /// What the role's owner asks of whoever takes it on.
    private(set) var externalID: Spanned<String>?

    private enum Key: String, ManifestKey {
        case name, id, roleArn, externalId
    }

    /// Reads one entry.
    init(of field: Field) {
        guard let fields = Fields<Key>(of: field) else { return }
        name = fields.required(.name, example: "prod")?.value(.name)
        id = fields.required(.id, example: "\"111122223333\"")?.value(.accountID)
        roleARN = fields[.roleArn]?.value(.roleARN)
        externalID = fields[.externalId]?.value(.externalID)
    }

    /// Reads a fleet's list of accounts, at least one.
    static func list(of field: Field) -> [WrittenAccount] {
        guard let entries = field.entries() else { return [] }
        if entries.isEmpty { field.report(ValueMistake.tooFew(field.name, least: "one account")) }
        return entries.map { WrittenAccount(of: $0) }
    }

    /// The partition the account lies in, as far as its role tells.
    var partition: Partition? { roleARN.flatMap { RoleARN($0.value)?.partition } }

    /// The account as the other rooms know it; nil if something is missing.
    var desired: DesiredAccount? {
        guard let name, let id else { return nil }
        return DesiredAccount(
            name: name.value,
            id: id.value,
            roleARN: roleARN?.value,
            externalID: externalID?.value
        )
    }
}
