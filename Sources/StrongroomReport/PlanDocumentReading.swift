internal import CloudHSM
internal import FoundationEssentials

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
        let data = Data(json)
        let document: PlanDocument
        do {
            document = try JSONDecoder().decode(PlanDocument.self, from: data)
        } catch {
            try Self.requireFormat(of: data)
            throw PlanDocumentError(error)
        }
        try Self.requireFormat(document.body.format)
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

    /// Tells a plan of another version, and what is no plan, from a broken one of this version.
    private static func requireFormat(of data: Data) throws(PlanDocumentError) {
        struct Head: Decodable {
            let format: String?
        }
        do {
            try requireFormat(try JSONDecoder().decode(Head.self, from: data).format)
        } catch let error as PlanDocumentError {
            throw error
        } catch {
            throw PlanDocumentError(error)
        }
    }

    private static func requireFormat(_ format: String?) throws(PlanDocumentError) {
        guard let format, format.hasPrefix("strongroom-plan/") else { throw .notAPlan }
        guard format == Self.format else { throw .newerFormat(format) }
    }

    /// Catches what the decoder passes over: unknown and repeated keys, other spellings of a value.
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

extension PlanDocumentError {
    /// Takes the decoder's words over, with the key they are about.
    fileprivate init(_ error: any Error) {
        guard let error = error as? DecodingError else {
            self = .notJSON("\(error)")
            return
        }
        switch error {
        case .keyNotFound(let key, let context):
            self = .missingKey(Self.path(context.codingPath + [key]))
        case .typeMismatch(_, let context), .valueNotFound(_, let context):
            self = .invalidValue(key: Self.path(context.codingPath), context.debugDescription)
        case .dataCorrupted(let context) where !context.codingPath.isEmpty:
            self = .invalidValue(key: Self.path(context.codingPath), context.debugDescription)
        case .dataCorrupted(let context):
            self = .notJSON(context.underlyingError.map { "\($0)" } ?? context.debugDescription)
        @unknown default:
            self = .notJSON("\(error)")
        }
    }

    private static func path(_ keys: [any CodingKey]) -> String {
        keys.reduce(into: "") { path, key in
            if let index = key.intValue {
                path += "[\(index)]"
            } else {
                path += path.isEmpty ? key.stringValue : ".\(key.stringValue)"
            }
        }
    }
}
