public import CloudHSM
internal import StrictJSON
public import StrongroomModel

/// A person's leave to go beyond one limit once: for one rule, one group, and the plan that was read.
///
/// `schemas/override.md` says what each field means.
public struct OverrideDocument: Hashable, Sendable {
    /// The format this version reads.
    public static let format = "strongroom-override/1"

    /// What the digest covers.
    public let body: Body

    /// Who signed it; absent where nobody did.
    public let signature: DocumentSignature?

    /// What is given leave to.
    public struct Body: Hashable, Sendable, Codable {
        /// Always ``OverrideDocument/format``.
        public let format: String

        /// The rule that may be broken once.
        public let rule: RuleOverride.Rule

        /// The cluster's id, or the manifest's name for it.
        public let group: String

        /// `sha256:` and the digest that `plan` printed: the plan in which the rule holds something.
        public let plan: String

        /// From when on it counts no more.
        public let expires: Timestamp

        /// Who gives leave.
        public let approver: String

        /// Why.
        public let reason: String
    }

    /// Reads a document, refusing what is unknown, repeated or missing.
    ///
    /// - Parameter json: What the file holds.
    /// - Throws: ``OverrideDocumentError``.
    public init(json: [UInt8]) throws(OverrideDocumentError) {
        guard json.count <= 65_536 else { throw .tooLong }
        let whole = try Self.decoded(json)
        body = whole.body
        signature = whole.signature
        guard !body.approver.isEmpty, !body.reason.isEmpty else { throw .nobody }
        if let signature, signature.signer(of: .override, sha256) == nil { throw .badSignature }
    }

    private init(_ body: Body, _ signature: DocumentSignature) {
        self.body = body
        self.signature = signature
    }

    /// SHA-256 over the body as compact JSON with sorted keys, 64 hexadecimal digits.
    public var sha256: String { CanonicalJSON.digest(of: body) }

    /// The document with a signature.
    ///
    /// - Parameter key: The key.
    /// - Returns: The signed document.
    /// - Throws: ``KeyError/cannotSign``.
    public func signed(by key: SigningKey) throws(KeyError) -> OverrideDocument {
        OverrideDocument(body, try DocumentSignature(of: sha256, .override, by: key))
    }

    /// The document as a file holds it.
    ///
    /// - Returns: UTF-8 text, ended by a line break.
    public func json() -> [UInt8] {
        CanonicalJSON.pretty(Whole(body, signature))
    }

    /// What a file holds, if it is strict JSON and of this version.
    private static func decoded(_ json: [UInt8]) throws(OverrideDocumentError) -> Whole {
        let tree: JSONTree
        do throws(JSONRefusal) {
            tree = try StrictJSON.read(json)
        } catch {
            throw .faulty(DocumentFault(error))
        }
        if let format = tree["format"]?.string, format != Self.format {
            throw .otherFormat(format)
        }
        do throws(JSONRefusal) {
            return try StrictJSON.decode(from: tree, of: json, unknownKeys: .refused)
        } catch {
            throw .faulty(DocumentFault(error))
        }
    }

    private struct Whole: Codable {
        let body: Body
        let signature: DocumentSignature?

        private enum CodingKeys: String, CodingKey {
            case signature
        }

        init(_ body: Body, _ signature: DocumentSignature?) {
            self.body = body
            self.signature = signature
        }

        init(from decoder: any Decoder) throws {
            body = try Body(from: decoder)
            signature = try decoder.container(keyedBy: CodingKeys.self)
                .decodeIfPresent(DocumentSignature.self, forKey: .signature)
        }

        func encode(to encoder: any Encoder) throws {
            try body.encode(to: encoder)
            var container = encoder.container(keyedBy: CodingKeys.self)
            try container.encodeIfPresent(signature, forKey: .signature)
        }
    }
}

extension OverrideDocument {
    /// Refuses a document that none of the trusted keys signed.
    ///
    /// - Parameter keys: The keys; empty if unsigned ones are taken as well.
    /// - Throws: ``OverrideDocumentError/untrusted``.
    public func requireTrust(in keys: [TrustedKey]) throws(OverrideDocumentError) {
        guard !keys.isEmpty else { return }
        guard let signer = signature?.signer(of: .override, sha256), keys.contains(signer) else {
            throw .untrusted
        }
    }

    /// The leave, if it is for a plan.
    ///
    /// - Parameters:
    ///   - plan: The plan made now without it.
    ///   - now: The present, by the service's clock.
    ///   - uses: What people agreed to and was used.
    /// - Returns: The rule and the group.
    /// - Throws: ``OverrideDocumentError`` if it has expired, was used, is for another plan, or the
    ///   plan holds nothing of that rule there.
    public func leave(
        for plan: PlanDocument,
        at now: Timestamp,
        uses: [ApprovalUse]
    ) throws(OverrideDocumentError) -> RuleOverride {
        if let use = uses.first(where: { $0.kind == .override && $0.digest == sha256 }) {
            throw .used(at: use.at)
        }
        guard now < body.expires else { throw .expired(body.expires, now: now) }
        let groups = plan.body.groups.filter {
            $0.cluster?.description == body.group || $0.name == body.group
        }
        guard groups.count == 1, let group = groups.first, let id = group.subject.group else {
            throw .noGroup(body.group, count: groups.count)
        }
        guard plan.body.digest == body.plan else {
            throw .otherPlan(body.plan, now: plan.body.digest)
        }
        let isHeld = group.notes.contains {
            $0.kind == .held && $0.reason.rule == body.rule.rawValue
        }
        guard isHeld else { throw .nothingHeld(body.rule, in: body.group) }
        return RuleOverride(body.rule, in: id)
    }
}
