public import CloudHSM
internal import FoundationEssentials
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
        do {
            let decoder = JSONDecoder()
            body = try decoder.decode(Body.self, from: Data(json))
            signature = try decoder.decode(Signed.self, from: Data(json)).signature
            let keys = try decoder.decode(Keys.self, from: Data(json)).names
            if let unknown = keys.first(where: { !Self.keys.contains($0) }) {
                throw OverrideDocumentError.unknownKey(unknown)
            }
        } catch let error as OverrideDocumentError {
            throw error
        } catch {
            throw OverrideDocumentError(reading: error)
        }
        guard body.format == Self.format else { throw .otherFormat(body.format) }
        // A parser that takes the last of two equal keys would read another leave than a person did.
        guard Self.keyCount(in: json) == (signature == nil ? 7 : 12) else { throw .repeatedKey }
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
        CanonicalJSON.pretty(Whole(body: body, signature: signature))
    }

    private static let keys = [
        "format", "rule", "group", "plan", "expires", "approver", "reason", "signature",
    ]

    private struct Signed: Decodable {
        let signature: DocumentSignature?
    }

    private struct Keys: Decodable {
        let names: [String]

        private struct Name: CodingKey {
            let stringValue: String
            let intValue: Int? = nil
            init(stringValue: String) { self.stringValue = stringValue }
            init?(intValue: Int) { nil }
        }

        init(from decoder: any Decoder) throws {
            names = try decoder.container(keyedBy: Name.self).allKeys.map(\.stringValue).sorted()
        }
    }

    private struct Whole: Encodable {
        let body: Body
        let signature: DocumentSignature?

        private enum CodingKeys: String, CodingKey {
            case signature
        }

        func encode(to encoder: any Encoder) throws {
            try body.encode(to: encoder)
            var container = encoder.container(keyedBy: CodingKeys.self)
            try container.encodeIfPresent(signature, forKey: .signature)
        }
    }

    /// How many keys a document has, on all levels: colons outside of strings.
    private static func keyCount(in json: [UInt8]) -> Int {
        var count = 0
        var isInString = false
        var isEscaped = false
        for byte in json {
            if isEscaped {
                isEscaped = false
            } else if byte == UInt8(ascii: "\\") {
                isEscaped = isInString
            } else if byte == UInt8(ascii: "\"") {
                isInString.toggle()
            } else if byte == UInt8(ascii: ":"), !isInString {
                count += 1
            }
        }
        return count
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
