internal import CSimdJSON
internal import CloudHSM
internal import StrictJSON

/// The keys a kind of object may have, in the order its writer puts them.
protocol RecordKey: RawRepresentable, CaseIterable where RawValue == Int {
    /// The names, one for each case.
    static var names: [StaticString] { get }
}

/// Reads objects of one kind, one after the other, into the same memory; for one thread at a time.
final class JSONRecord<Key: RecordKey> {
    private let keys: UnsafeMutableBufferPointer<csj_key>
    private let slots: UnsafeMutableBufferPointer<csj_slot>
    private var object = csj_value()

    /// How many fields of the object last read have other keys.
    private(set) var unknownCount = 0

    init() {
        let names = Key.names
        precondition(names.count == Key.allCases.count, "every key needs its name")
        keys = .allocate(capacity: names.count)
        slots = .allocate(capacity: names.count)
        slots.initialize(repeating: csj_slot())
        _ = keys.initialize(
            from: names.map { name in
                csj_key(
                    text: UnsafeRawPointer(name.utf8Start).assumingMemoryBound(to: CChar.self),
                    length: name.utf8CodeUnitCount
                )
            }
        )
    }

    deinit {
        keys.deallocate()
        slots.deallocate()
    }

    /// Takes over an object's fields.
    ///
    /// - Parameter slot: The object.
    /// - Throws: For anything but an object, and for a known key that stands twice.
    func read(_ slot: csj_slot) throws(JSONFault) {
        object = slot.value
        var unknown = 0
        guard slot.type == .object else {
            throw .unexpected(slot, at: "", expected: "an object")
        }
        let outcome = csj_read_record(
            object,
            keys.baseAddress,
            keys.count,
            slots.baseAddress,
            &unknown
        )
        switch outcome {
        case .read: unknownCount = unknown
        case .mismatch: throw .unexpected(slot, at: "", expected: "an object")
        case .equal: throw JSONFault(Key.names[unknown].description, .equalKeys)
        }
    }

    /// Takes over an object's fields, and refuses any with an unknown key.
    func readClosed(_ slot: csj_slot) throws(JSONFault) {
        try read(slot)
        guard unknownCount > 0, let key = try unknownFields().keys.min() else { return }
        throw JSONFault(key, .unknownKey)
    }

    /// The field of a key; its type is `absent` if the object has none.
    subscript(key: Key) -> csj_slot { slots[key.rawValue] }

    /// The fields with other keys.
    ///
    /// One that is almost a known key is refused: kept as unknown, it would hide what is missing.
    func unknownFields() throws(JSONFault) -> [String: JSONValue] {
        guard unknownCount > 0 else { return [:] }
        let known = Key.names.map(\.description)
        let fields = try JSONTree.fields(
            of: object,
            where: { !known.contains($0) },
            as: JSONTree.value
        )
        for key in fields.keys.sorted() {
            if let meant = KeySpelling.near(key, among: known) {
                throw JSONFault(key, .misspelt(known: meant))
            }
        }
        return fields
    }

    /// The name of a key, for messages.
    func name(_ key: Key) -> String { Key.names[key.rawValue].description }
}

extension JSONRecord {
    /// A field that must be there.
    func require<Value>(_ key: Key, _ value: Value?) throws(JSONFault) -> Value {
        guard let value else { throw JSONFault(name(key), .missing) }
        return value
    }

    /// The bytes of a string, if the field is there.
    func utf8(
        _ key: Key,
        expected: String = "a string"
    ) throws(JSONFault) -> UnsafeBufferPointer<UInt8>? {
        let slot = self[key]
        guard slot.type != .absent else { return nil }
        guard let utf8 = slot.utf8 else { throw unexpected(key, expected: expected) }
        return utf8
    }

    /// A string, if the field is there.
    func string(_ key: Key) throws(JSONFault) -> String? {
        try utf8(key).map { String(decoding: $0, as: UTF8.self) }
    }

    /// A value that files hold as one string, if the field is there.
    func text<Value: LosslessStringConvertible>(
        _ key: Key,
        expected: String
    ) throws(JSONFault) -> Value? {
        guard let utf8 = try utf8(key, expected: expected) else { return nil }
        guard let value = Value(String(decoding: utf8, as: UTF8.self)) else {
            throw unexpected(key, expected: expected)
        }
        return value
    }

    /// One of a fixed set of words, if the field is there.
    func word<Value: RawRepresentable & CaseIterable>(
        _ key: Key
    ) throws(JSONFault) -> Value? where Value.RawValue == String {
        let expected = { Value.allCases.map { "\"\($0.rawValue)\"" }.joined(separator: " or ") }
        guard self[key].type != .absent else { return nil }
        guard let value = self[key].string.flatMap(Value.init(rawValue:)) else {
            throw unexpected(key, expected: expected())
        }
        return value
    }

    /// An id, if the field is there.
    func id<Kind>(_ key: Key, expected: String) throws(JSONFault) -> ResourceID<Kind>? {
        guard let utf8 = try utf8(key, expected: expected) else { return nil }
        guard let id = ResourceID<Kind>(utf8: utf8) else {
            throw unexpected(key, expected: expected)
        }
        return id
    }

    /// A Region, if the field is there.
    func region(_ key: Key) throws(JSONFault) -> Region? {
        guard let utf8 = try utf8(key, expected: "a Region") else { return nil }
        guard let region = Region(utf8: utf8) else { throw unexpected(key, expected: "a Region") }
        return region
    }

    /// A truth value, if the field is there.
    func flag(_ key: Key) throws(JSONFault) -> Bool? {
        let slot = self[key]
        guard slot.type != .absent else { return nil }
        guard slot.type == .bool else { throw unexpected(key, expected: "true or false") }
        return slot.integer != 0
    }

    /// A whole number, if the field is there.
    func integer(_ key: Key) throws(JSONFault) -> Int64? {
        let slot = self[key]
        guard slot.type != .absent else { return nil }
        guard slot.type == .integer else { throw unexpected(key, expected: "a whole number") }
        return slot.integer
    }

    /// A moment, if the field is there: epoch seconds as the API has it, or ISO 8601 as `aws` prints.
    func timestamp(_ key: Key) throws(JSONFault) -> Timestamp? {
        let slot = self[key]
        let moment: Timestamp? =
            switch slot.type {
            case .absent: nil
            case .integer: Timestamp(epochSeconds: Double(slot.integer))
            case .double: Timestamp(epochSeconds: slot.number)
            case .string: slot.string.flatMap { Timestamp($0) }
            case .null, .bool, .large, .array, .object: nil
            }
        if moment == nil, slot.type != .absent {
            throw unexpected(key, expected: "epoch seconds or an ISO 8601 moment with its zone")
        }
        return moment
    }

    /// A value that is there but is not what belongs there.
    func unexpected(_ key: Key, expected: String) -> JSONFault {
        .unexpected(self[key], at: name(key), expected: expected)
    }
}
