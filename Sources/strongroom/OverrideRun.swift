import CloudHSM
import StrongroomModel
import StrongroomReport

/// The overrides given to one run: each checked against the plan made without them, and recorded
/// before anything is done because of it.
struct OverrideRun {
    private let overrides: [(path: String, document: OverrideDocument)]

    /// Reads overrides.
    ///
    /// - Parameters:
    ///   - paths: The files.
    ///   - keys: The keys one of which must have signed each; empty if unsigned ones are taken too.
    /// - Throws: ``Trouble`` that names the file.
    init(paths: [String], trusting keys: [TrustedKey]) throws {
        overrides = try paths.map { path in
            let file = try GivenFile(path, "the override", for: .anyone, limit: 65_536)
            do throws(OverrideDocumentError) {
                let document = try OverrideDocument(json: file.bytes)
                try document.requireTrust(in: keys)
                return (path, document)
            } catch {
                throw Trouble("\(path): \(error)", .refusedBySafety)
            }
        }
    }

    /// Whether there are none.
    var isEmpty: Bool { overrides.isEmpty }

    /// The leave that the files give, if each is for the plan made now.
    ///
    /// - Parameter house: Where the plan is made.
    /// - Returns: Rules and groups.
    /// - Throws: ``Trouble`` for one that has expired, was used, or is for something else.
    func leaves(in house: House) async throws -> [RuleOverride] {
        guard !isEmpty else { return [] }
        let approvals = try house.approvals()
        try approvals.requireReadable(for: "the override")
        let plan = try house.document(try await house.plan())
        let now = house.service.present
        return try overrides.map { path, document in
            do throws(OverrideDocumentError) {
                return try document.leave(for: plan, at: now, uses: approvals.uses)
            } catch {
                throw Trouble("\(path): \(error)", .refusedBySafety)
            }
        }
    }

    /// Records that they are used: none of them counts again.
    ///
    /// - Parameter house: Whose journal.
    /// - Throws: ``Trouble``: nothing may then be done because of them.
    func record(in house: House) async throws {
        let now = house.service.present
        for (_, document) in overrides {
            try await house.record(
                ApprovalUse(
                    .override,
                    of: document.sha256,
                    about: "\(document.body.rule.rawValue) in \(document.body.group)",
                    by: document.body.approver,
                    at: now
                )
            )
        }
    }
}
