internal import CSimdJSON
internal import CloudHSM

/// Keeps what this version does not know as values, and walks through arrays.
enum JSONTree {
    /// Any value as it stands; a whole number always as `integer`, however it is written.
    static func value(_ slot: csj_slot) throws(JSONFault) -> JSONValue {
        switch slot.type {
        case .null: return .null
        case .bool: return .bool(slot.integer != 0)
        case .integer: return .integer(slot.integer)
        case .double:
            return Int64(exactly: slot.number).map { .integer($0) } ?? .number(slot.number)
        case .string: return .string(slot.string ?? "")
        case .array:
            var values: [JSONValue] = []
            try forEach(of: slot, at: "") { (element, _) throws(JSONFault) in
                values.append(try value(element))
            }
            return .array(values)
        case .object: return .object(try fields(of: slot.value, as: value))
        case .absent, .large:
            throw .unexpected(slot, at: "", expected: "a number within 64 bits")
        }
    }

    /// The fields of an object whose keys are wanted, each as it is read; equal keys are refused.
    static func fields<Value>(
        of object: csj_value,
        where isWanted: (String) -> Bool = { _ in true },
        as read: (csj_slot) throws(JSONFault) -> Value
    ) throws(JSONFault) -> [String: Value] {
        var cursor = csj_cursor()
        var key = csj_key()
        var slot = csj_slot()
        var fields: [String: Value] = [:]
        guard csj_begin(object, &cursor) else { return fields }
        while csj_next_field(&cursor, &key, &slot) {
            let name = String(
                decoding: UnsafeRawBufferPointer(start: key.text, count: key.length),
                as: UTF8.self
            )
            guard isWanted(name) else { continue }
            do throws(JSONFault) {
                let value = try read(slot)
                guard fields.updateValue(value, forKey: name) == nil else {
                    throw JSONFault("", .equalKeys)
                }
            } catch {
                throw error.under(name)
            }
        }
        return fields
    }

    /// Hands out the elements of an array in order, with their indices.
    ///
    /// - Parameters:
    ///   - slot: The array; nothing happens if it is absent.
    ///   - key: Its name, for messages.
    ///   - body: Takes one element.
    /// - Throws: For anything but an array, and what the body throws, with the index.
    static func forEach(
        of slot: csj_slot,
        at key: String,
        _ body: (csj_slot, Int) throws(JSONFault) -> Void
    ) throws(JSONFault) {
        guard slot.type != .absent else { return }
        var cursor = csj_cursor()
        guard slot.type == .array, csj_begin(slot.value, &cursor) else {
            throw .unexpected(slot, at: key, expected: "an array")
        }
        var element = csj_slot()
        var index = 0
        while csj_next_element(&cursor, &element) {
            do throws(JSONFault) {
                try body(element, index)
            } catch {
                throw error.under("\(key)[\(index)]")
            }
            index += 1
        }
    }

    /// The strings of an object by key, such as a cluster's certificates.
    static func strings(_ slot: csj_slot, at key: String) throws(JSONFault) -> [String: String] {
        guard slot.type != .absent else { return [:] }
        guard slot.type == .object else {
            throw .unexpected(slot, at: key, expected: "an object")
        }
        do throws(JSONFault) {
            return try fields(of: slot.value) { (value) throws(JSONFault) in
                guard let text = value.string else {
                    throw .unexpected(value, at: "", expected: "a string")
                }
                return text
            }
        } catch {
            throw error.under(key)
        }
    }
}
