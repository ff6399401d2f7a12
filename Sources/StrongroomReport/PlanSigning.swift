extension PlanDocument {
    /// The plan with a signature of what it says.
    ///
    /// - Parameter key: The key.
    /// - Returns: The signed plan; another signature is replaced.
    /// - Throws: ``KeyError/cannotSign``.
    public func signed(by key: SigningKey) throws(KeyError) -> PlanDocument {
        PlanDocument(
            body,
            sha256: sha256,
            signature: try DocumentSignature(of: sha256, .plan, by: key)
        )
    }

    /// Refuses a plan that none of the trusted keys signed.
    ///
    /// - Parameter keys: The keys; empty if unsigned plans are taken as well.
    /// - Throws: ``PlanDocumentError/unsigned``, ``PlanDocumentError/untrusted(keyID:)`` or
    ///   ``PlanDocumentError/invalidSignature``.
    public func requireTrust(in keys: [TrustedKey]) throws(PlanDocumentError) {
        guard !keys.isEmpty else { return }
        guard let signature else { throw .unsigned }
        guard let signer = signature.signer(of: .plan, sha256) else { throw .invalidSignature }
        guard keys.contains(signer) else { throw .untrusted(keyID: signer.id) }
    }

    /// Refuses a plan that was made for other manifests, another state, service or version.
    ///
    /// - Parameter now: The binding of a plan made here and now.
    /// - Throws: ``PlanDocumentError/unbound`` or ``PlanDocumentError/elsewhere(_:)``.
    public func requireBinding(_ now: PlanBinding) throws(PlanDocumentError) {
        guard let binding = body.binding else { throw .unbound }
        let differences = binding.differences(from: now)
        guard differences.isEmpty else { throw .elsewhere(differences) }
    }
}
