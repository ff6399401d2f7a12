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
        case .object: return .object(try fields(of: slot.value) { _ in true })
        case .absent, .large:
            throw .unexpected(slot, at: "", expected: "a number within 64 bits")
        }
    }

    /// The fields of an object whose keys are wanted; equal keys are refused.
    static func fields(
        of object: csj_value,
        where isWanted: (String) -> Bool
    ) throws(JSONFault) -> [String: JSONValue] {
        var cursor = csj_cursor()
        var key = csj_key()
        var slot = csj_slot()
        var fields: [String: JSONValue] = [:]
        guard csj_begin(object, &cursor) else { return fields }
        while csj_next_field(&cursor, &key, &slot) {
            let name = String(
                decoding: UnsafeRawBufferPointer(start: key.text, count: key.length),
                as: UTF8.self
            )
            guard isWanted(name) else { continue }
            do throws(JSONFault) {
                let value = try value(slot)
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
            var strings: [String: String] = [:]
            for (name, value) in try fields(of: slot.value, where: { _ in true }) {
                guard case .string(let text) = value else {
                    throw JSONFault(name, .unexpected(found: value.inWords, expected: "a string"))
                }
                strings[name] = text
            }
            return strings
        } catch {
            throw error.under(key)
        }
    }
}

extension JSONValue {
    /// What a message calls the value.
    fileprivate var inWords: String {
        switch self {
        case .null: "null"
        case .bool(let value): "\(value)"
        case .integer(let value): "\(value)"
        case .number(let value): "\(value)"
        case .string: "a string"
        case .array: "an array"
        case .object: "an object"
        }
    }
}
