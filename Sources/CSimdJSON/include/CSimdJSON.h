// simdjson's DOM behind plain C: whole records in one call, and no knowledge of what they mean.
//
// simdjson picks the processor's kernel at run time and validates what it reads: UTF-8, escapes,
// numbers, nesting, trailing bytes. What it does not see, equal keys in an object, is checked here.

#ifndef CSIMDJSON_H
#define CSIMDJSON_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/// What a slot holds; Swift sees `.absent`, `.null` and so on.
typedef enum __attribute__((enum_extensibility(closed))) csj_type {
    csj_type_absent = 0,
    csj_type_null,
    csj_type_bool,
    csj_type_integer,
    /// A whole number above the largest of 64 bits with sign.
    csj_type_large,
    csj_type_double,
    csj_type_string,
    csj_type_array,
    csj_type_object,
} csj_type;

/// A place in a parsed document; valid until its parser parses again or is destroyed.
typedef struct csj_value {
    const void *document;
    size_t index;
} csj_value;

/// A value and, if it is simple, its content; `text` is valid as long as `value` is.
typedef struct csj_slot {
    csj_value value;
    const char *text;
    size_t length;
    int64_t integer;
    double number;
    csj_type type;
} csj_slot;

/// A key a record may have.
typedef struct csj_key {
    const char *text;
    size_t length;
} csj_key;

/// Where an iteration through an array or object stands.
typedef struct csj_cursor {
    csj_value next;
    csj_value end;
} csj_cursor;

/// How the reading of a record ended.
typedef enum __attribute__((enum_extensibility(closed))) csj_outcome {
    csj_outcome_read = 0,
    csj_outcome_mismatch,
    /// One of the known keys stands twice; unknown ones are for the caller to compare.
    csj_outcome_equal,
} csj_outcome;

/// A parser whose memory is used again from document to document; for one thread at a time.
typedef struct csj_parser csj_parser;

/// How many readable bytes must follow a document in memory.
size_t csj_padding(void);

/// Makes a parser for documents nested no deeper than `max_depth`; null if memory is short.
csj_parser *csj_parser_create(size_t max_depth);

void csj_parser_destroy(csj_parser *parser);

/// Parses one document with its padding; 0, or an error for `csj_message`.
int csj_parse(csj_parser *parser, const uint8_t *bytes, size_t length, csj_slot *root);

/// simdjson's words for an error.
const char *csj_message(int error);

/// Reads the fields of an object with known keys into as many slots, in the order of the keys.
///
/// It is fastest if keys stand in the document in the same order as in the table. Slots without a
/// field are csj_type_absent. `unknown` counts the fields with other keys. After csj_outcome_equal,
/// `unknown` is the index of the key that stands twice.
csj_outcome csj_read_record(
    csj_value object,
    const csj_key *keys,
    size_t count,
    csj_slot *slots,
    size_t *unknown
);

/// Begins an iteration through an array or object; false if the value is neither.
bool csj_begin(csj_value container, csj_cursor *cursor);

/// Takes the next element of an array; false at its end.
bool csj_next_element(csj_cursor *cursor, csj_slot *element);

/// Takes the next field of an object; false at its end.
bool csj_next_field(csj_cursor *cursor, csj_key *key, csj_slot *value);

/// Whether two values of one document are written alike: same shape, same order, same content.
bool csj_same(csj_value left, csj_value right);

#ifdef __cplusplus
}
#endif

#endif
