#include "CSimdJSON.h"

#include <cstring>
#include <memory>
#include <new>
#include <simdjson.h>
#include <string_view>
#include <type_traits>

namespace {

namespace dom = simdjson::dom;
using simdjson::internal::tape_ref;

// simdjson's elements and iterators are a document's address and a position in it. They travel
// through C as those two words.
template <typename Handle> csj_value pack(const Handle &handle) {
    static_assert(sizeof(Handle) == sizeof(csj_value), "a handle is an address and a position");
    static_assert(std::is_trivially_copyable<Handle>::value, "a handle can be copied as bytes");
    csj_value value;
    std::memcpy(&value, &handle, sizeof value);
    return value;
}

template <typename Handle> Handle unpack(csj_value value) {
    Handle handle;
    std::memcpy(static_cast<void *>(&handle), &value, sizeof value);
    return handle;
}

void fill(csj_slot &slot, dom::element element) {
    slot.value = pack(element);
    switch (element.type()) {
    case dom::element_type::NULL_VALUE:
        slot.type = csj_type_null;
        break;
    case dom::element_type::BOOL:
        slot.type = csj_type_bool;
        slot.integer = element.get_bool().value_unsafe();
        break;
    case dom::element_type::INT64:
        slot.type = csj_type_integer;
        slot.integer = element.get_int64().value_unsafe();
        break;
    case dom::element_type::UINT64:
        slot.type = csj_type_large;
        break;
    case dom::element_type::DOUBLE:
        slot.type = csj_type_double;
        slot.number = element.get_double().value_unsafe();
        break;
    case dom::element_type::STRING: {
        std::string_view text = element.get_string().value_unsafe();
        slot.type = csj_type_string;
        slot.text = text.data();
        slot.length = text.size();
        break;
    }
    case dom::element_type::ARRAY:
        slot.type = csj_type_array;
        break;
    case dom::element_type::OBJECT:
        slot.type = csj_type_object;
        break;
    }
}

// Two strings of the tape are alike if their lengths, written before them, and their bytes are.
bool same_string(const uint8_t *left, const uint8_t *right) {
    uint32_t left_length, right_length;
    std::memcpy(&left_length, left, sizeof left_length);
    std::memcpy(&right_length, right, sizeof right_length);
    return left_length == right_length
        && std::memcmp(left + sizeof left_length, right + sizeof right_length, left_length) == 0;
}

// A value is a run of words on simdjson's tape (its doc/tape.md): the kind in the top byte, and
// below it a position, which differs between values that are written alike, or a following word.
bool same(const tape_ref &left, const tape_ref &right) {
    const size_t count = left.after_element() - left.json_index;
    if (count != right.after_element() - right.json_index) { return false; }
    const uint64_t *one = &left.doc->tape[left.json_index];
    const uint64_t *other = &right.doc->tape[right.json_index];
    for (size_t index = 0; index < count; ++index) {
        const uint8_t kind = uint8_t(one[index] >> 56);
        if (kind != uint8_t(other[index] >> 56)) { return false; }
        switch (simdjson::internal::tape_type(kind)) {
        case simdjson::internal::tape_type::STRING: {
            const uint64_t position = simdjson::internal::JSON_VALUE_MASK;
            const uint8_t *text = &left.doc->string_buf[one[index] & position];
            if (!same_string(text, &right.doc->string_buf[other[index] & position])) {
                return false;
            }
            break;
        }
        case simdjson::internal::tape_type::INT64:
        case simdjson::internal::tape_type::UINT64:
        case simdjson::internal::tape_type::DOUBLE:
            ++index;
            if (one[index] != other[index]) { return false; }
            break;
        default:
            break;
        }
    }
    return true;
}

// The index of a key in the table, sought from where the last one was found; `count` if unknown.
size_t find(std::string_view name, const csj_key *keys, size_t count, size_t from) {
    size_t index = from;
    for (size_t tried = 0; tried < count; ++tried) {
        if (index == count) { index = 0; }
        const csj_key &key = keys[index];
        if (key.length == name.size() && std::memcmp(key.text, name.data(), name.size()) == 0) {
            return index;
        }
        ++index;
    }
    return count;
}

} // namespace

struct csj_parser {
    dom::parser parser;
};

size_t csj_padding(void) { return simdjson::SIMDJSON_PADDING; }

csj_parser *csj_parser_create(size_t max_depth) {
    std::unique_ptr<csj_parser> made(new (std::nothrow) csj_parser);
    constexpr size_t initial_capacity = 64 * 1024;
    if (!made || made->parser.allocate(initial_capacity, max_depth)) { return nullptr; }
    return made.release();
}

void csj_parser_destroy(csj_parser *parser) { delete parser; }

int csj_parse(csj_parser *parser, const uint8_t *bytes, size_t length, csj_slot *root) {
    dom::element element;
    simdjson::error_code error = parser->parser.parse(bytes, length, false).get(element);
    if (!error) { fill(*root, element); }
    return error;
}

const char *csj_message(int error) {
    return simdjson::error_message(static_cast<simdjson::error_code>(error));
}

csj_outcome csj_read_record(
    csj_value object,
    const csj_key *keys,
    size_t count,
    csj_slot *slots,
    size_t *unknown
) {
    dom::object fields;
    if (unpack<dom::element>(object).get_object().get(fields)) { return csj_outcome_mismatch; }
    for (size_t index = 0; index < count; ++index) { slots[index].type = csj_type_absent; }
    *unknown = 0;
    size_t expected = 0;
    for (auto field = fields.begin(), end = fields.end(); field != end; ++field) {
        size_t index = find(field.key(), keys, count, expected);
        if (index == count) {
            ++*unknown;
            continue;
        }
        if (slots[index].type != csj_type_absent) {
            *unknown = index;
            return csj_outcome_equal;
        }
        fill(slots[index], field.value());
        expected = index + 1;
    }
    return csj_outcome_read;
}

bool csj_begin(csj_value container, csj_cursor *cursor) {
    dom::element element = unpack<dom::element>(container);
    dom::array array;
    if (!element.get_array().get(array)) {
        *cursor = {pack(array.begin()), pack(array.end())};
        return true;
    }
    dom::object object;
    if (element.get_object().get(object)) { return false; }
    *cursor = {pack(object.begin()), pack(object.end())};
    return true;
}

bool csj_next_element(csj_cursor *cursor, csj_slot *element) {
    auto next = unpack<dom::array::iterator>(cursor->next);
    if (!(next != unpack<dom::array::iterator>(cursor->end))) { return false; }
    fill(*element, *next);
    cursor->next = pack(++next);
    return true;
}

bool csj_next_field(csj_cursor *cursor, csj_key *key, csj_slot *value) {
    auto next = unpack<dom::object::iterator>(cursor->next);
    if (!(next != unpack<dom::object::iterator>(cursor->end))) { return false; }
    std::string_view name = next.key();
    *key = {name.data(), name.size()};
    fill(*value, next.value());
    cursor->next = pack(++next);
    return true;
}

bool csj_same(csj_value left, csj_value right) {
    return same(unpack<tape_ref>(left), unpack<tape_ref>(right));
}
