internal import StrongroomModel

extension Rule {
    /// A purge that is asked for, said aloud.
    static let purge = Rule(code: "purge") { situation, _ in
        guard let purge = situation.desired.purge, situation.group != nil else { return .nothing }
        return .held(
            "purge",
            Reason(
                rule: "purge",
                "this version of Strongroom does not purge; "
                    + "backups taken before \(purge.value.materialRemovedAt) still hold the material",
                at: purge.location
            )
        )
    }
}
