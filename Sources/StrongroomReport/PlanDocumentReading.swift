internal import CloudHSM
internal import StrictJSON

extension PlanDocument {
    /// The document as a file holds it.
    ///
    /// - Returns: UTF-8 text, ended by a line break.
    public func json() -> [UInt8] { CanonicalJSON.pretty(self) }

    /// Reads a document, refusing every file that is not byte for byte as it was written.
    ///
    /// - Parameter json: What the file holds.
    /// - Throws: ``PlanDocumentError``, naming the key or line that is wrong.
    public init(json: [UInt8]) throws(PlanDocumentError) {
        let document = try Self.decoded(json)
        let found = CanonicalJSON.digest(of: document.body)
        guard found == document.sha256 else {
            throw .altered(stated: document.sha256, found: found)
        }
        try document.requireDigest()
        if let signature = document.signature,
            signature.signer(of: .plan, document.sha256) == nil
        {
            throw .invalidSignature
        }
        try document.requireBytes(json)
        self = document
    }

    /// Refuses a plan that states another digest than that of what is agreed to with it.
    private func requireDigest() throws(PlanDocumentError) {
        let digest = body.binding.flatMap {
            ApprovalDigest.digest(of: body.groups, fleet: body.fleet, binding: $0)
        }
        let found = digest.map { Self.digestPrefix + $0 }
        guard found == body.digest else {
            throw .altered(stated: body.digest ?? "none", found: found ?? "none")
        }
    }

    /// The document, if it is strict JSON and of this version; a plan of another version, and what
    /// is no plan, is told from a broken one of this version.
    private static func decoded(_ json: [UInt8]) throws(PlanDocumentError) -> PlanDocument {
        let tree: JSONTree
        do throws(JSONRefusal) {
            tree = try StrictJSON.read(json, limits)
        } catch {
            throw .faulty(DocumentFault(error))
        }
        try requireFormat(tree["format"]?.string)
        do throws(JSONRefusal) {
            return try StrictJSON.decode(from: tree, of: json, unknownKeys: .refused)
        } catch {
            throw .faulty(DocumentFault(error))
        }
    }

    /// Keys may be names of tags, which others choose; what is not seen in them is no fault.
    private static let limits = StrictJSON.Limits(bytes: 1 << 30, unseen: .taken)

    private static func requireFormat(_ format: String?) throws(PlanDocumentError) {
        guard let format, format.hasPrefix("strongroom-plan/") else { throw .notAPlan }
        guard format == Self.format else { throw .newerFormat(format) }
    }

    /// Catches what the decoder passes over: other spellings of a value, another order or layout.
    private func requireBytes(_ json: [UInt8]) throws(PlanDocumentError) {
        let own = self.json()
        guard own != json, CanonicalJSON.prettyUnescaped(self) != json else { return }
        let difference = zip(own, json).prefix { $0 == $1 }.count
        let line = json[..<difference].count { $0 == 0x0A } + 1
        let start = json[..<difference].lastIndex(of: 0x0A).map { $0 + 1 } ?? 0
        let text = String(decoding: json[start...].prefix { $0 != 0x0A }.prefix(400), as: UTF8.self)
        throw .rewritten(line: line, text: String(text.drop { $0 == " " }))
    }
}

extension PlanDocument: Codable {
    private enum CodingKeys: String, CodingKey {
        case sha256, signature
    }

    /// Reads body, digest and signature from one object, and checks none; ``init(json:)`` does.
    ///
    /// - Parameter decoder: Where it comes from.
    /// - Throws: What the decoder throws.
    public init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: CodingKeys.self)
        self.init(
            try Body(from: decoder),
            sha256: try container.decode(String.self, forKey: .sha256),
            signature: try container.decodeIfPresent(DocumentSignature.self, forKey: .signature)
        )
    }

    /// Writes body, digest and signature as one object.
    ///
    /// - Parameter encoder: Where it goes.
    /// - Throws: What the encoder throws.
    public func encode(to encoder: any Encoder) throws {
        try body.encode(to: encoder)
        var container = encoder.container(keyedBy: CodingKeys.self)
        try container.encode(sha256, forKey: .sha256)
        try container.encodeIfPresent(signature, forKey: .signature)
    }
}
