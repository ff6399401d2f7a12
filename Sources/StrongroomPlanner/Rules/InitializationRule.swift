internal import CloudHSM
internal import StrongroomModel

extension Rule {
    /// Claims a new cluster once its certificates are there, and says whose turn it is until then.
    ///
    /// Activation needs an officer on the data plane: no call can do it (`UG:activate-cluster`).
    static let initialization = Rule(code: "initialization") { situation, earlier in
        let isNew = earlier.steps.contains { $0.phase == .create }
        guard isNew || situation.cluster?.isActivated == false else { return .nothing }
        if situation.cluster?.state == .initialized {
            return .waiting(
                "activation",
                Reason(
                    rule: "initialization",
                    "an officer has to set the first password with the CloudHSM client",
                    at: situation.desired.name.location
                ),
                turn: .person
            )
        }
        guard let files = situation.desired.initialization else {
            return .waiting(
                "initialisation",
                Reason(
                    rule: "initialization",
                    "the manifest names no certificates (initialization:)",
                    at: situation.desired.name.location
                ),
                turn: .person
            )
        }
        if let missing = missingFile(of: files.value) {
            return .waiting(
                "initialisation",
                Reason(
                    rule: "initialization",
                    "\(missing) is not there yet: sign the cluster's request "
                        + "(`strongroom status` says where it is) and put the certificate there",
                    at: files.location
                ),
                turn: .person
            )
        }
        if let wrong = [files.value.certificate, files.value.trustAnchor].first(
            where: isNoCertificate
        ) {
            return .held(
                "initialisation",
                Reason(
                    rule: "initialization",
                    "\(wrong.path) is not one PEM certificate of at most "
                        + "\(InitializeCluster.longestCertificate) characters",
                    at: files.location
                )
            )
        }
        let firstHSM = earlier.steps.filter { $0.phase == .firstHSM }.map(\.id)
        guard !firstHSM.isEmpty || situation.cluster?.presentHSMs.isEmpty == false else {
            return .waiting(
                "initialisation",
                Reason(
                    rule: "initialization",
                    "a cluster shows its signing request only once it has an HSM (hsms:)",
                    at: files.location
                ),
                turn: .person
            )
        }
        return .step(
            DraftStep(
                id: Phase.initialize.draft(0),
                phase: .initialize,
                action: .initializeCluster(files.value),
                reason: Reason(
                    rule: "initialization",
                    "the certificates are there; afterwards an officer has to activate it",
                    at: files.location
                ),
                preconditions: [.signingRequestShown, .clusterState(.uninitialized)],
                postcondition: .clusterClaimed,
                after: firstHSM
            )
        )
    }

    private static func isNoCertificate(_ file: CertificateFile) -> Bool {
        file.content.map { !InitializeCluster.looksLikeCertificate($0) } ?? false
    }

    private static func missingFile(of files: DesiredInitialization) -> String? {
        [files.certificate, files.trustAnchor].first { $0.content == nil }?.path
    }
}
