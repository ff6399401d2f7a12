import CYAML

/// One event of a YAML stream, with the text it stands for.
struct YAMLEvent {
    /// What begins, ends or is.
    enum Kind {
        case streamStart, streamEnd
        case documentStart, documentEnd
        case mappingStart, mappingEnd
        case sequenceStart, sequenceEnd
        case alias
        case scalar(Scalar)
    }

    /// What the event says beside its kind; none of it belongs in a manifest.
    struct Decorations: OptionSet {
        let rawValue: UInt8

        /// `&name` before a node.
        static let anchor = Decorations(rawValue: 1)

        /// `!name` before a node.
        static let tag = Decorations(rawValue: 2)

        /// `%YAML` or `%TAG` before a document.
        static let directive = Decorations(rawValue: 4)
    }

    let kind: Kind
    let span: Span
    let decorations: Decorations
}

/// The events of a YAML text, as libyaml finds them one by one.
///
/// Nothing is read ahead further than libyaml's own buffers, so a caller that stops asking has paid
/// only for what it saw.
struct YAMLEvents: ~Copyable {
    private let parser: UnsafeMutablePointer<yaml_parser_t>
    private let event: UnsafeMutablePointer<yaml_event_t>

    /// Begins at the start of a text.
    ///
    /// - Parameter bytes: UTF-8; must outlive the events.
    init(over bytes: UnsafeBufferPointer<UInt8>) {
        parser = .allocate(capacity: 1)
        event = .allocate(capacity: 1)
        guard yaml_parser_initialize(parser) == 1 else {
            preconditionFailure("out of memory for a YAML parser")
        }
        yaml_parser_set_input_string(parser, bytes.baseAddress, bytes.count)
        yaml_parser_set_encoding(parser, YAML_UTF8_ENCODING)
    }

    deinit {
        yaml_parser_delete(parser)
        parser.deallocate()
        event.deallocate()
    }

    /// Reads the next event.
    ///
    /// - Returns: The event. Behind ``YAMLEvent/Kind/streamEnd`` there is none; do not ask.
    /// - Throws: ``YAMLFailure`` if the text is not YAML; do not ask again then either.
    mutating func next() throws(YAMLFailure) -> YAMLEvent {
        guard yaml_parser_parse(parser, event) == 1 else { throw failure }
        defer { yaml_event_delete(event) }
        let span = Span(from: Mark(event.pointee.start_mark), to: Mark(event.pointee.end_mark))
        return YAMLEvent(kind: kind, span: span, decorations: decorations)
    }

    private var kind: YAMLEvent.Kind {
        switch event.pointee.type {
        case YAML_SCALAR_EVENT: .scalar(Scalar(event.pointee.data.scalar))
        case YAML_MAPPING_START_EVENT: .mappingStart
        case YAML_MAPPING_END_EVENT: .mappingEnd
        case YAML_SEQUENCE_START_EVENT: .sequenceStart
        case YAML_SEQUENCE_END_EVENT: .sequenceEnd
        case YAML_ALIAS_EVENT: .alias
        case YAML_DOCUMENT_START_EVENT: .documentStart
        case YAML_DOCUMENT_END_EVENT: .documentEnd
        case YAML_STREAM_START_EVENT: .streamStart
        default: .streamEnd
        }
    }

    private var decorations: YAMLEvent.Decorations {
        let data = event.pointee.data
        switch event.pointee.type {
        case YAML_SCALAR_EVENT: return .init(anchor: data.scalar.anchor, tag: data.scalar.tag)
        case YAML_MAPPING_START_EVENT:
            return .init(anchor: data.mapping_start.anchor, tag: data.mapping_start.tag)
        case YAML_SEQUENCE_START_EVENT:
            return .init(anchor: data.sequence_start.anchor, tag: data.sequence_start.tag)
        case YAML_DOCUMENT_START_EVENT:
            let start = data.document_start
            let hasTags = start.tag_directives.start != start.tag_directives.end
            return start.version_directive != nil || hasTags ? .directive : []
        default: return []
        }
    }

    private var failure: YAMLFailure {
        let state = parser.pointee
        let problem = state.problem.map { String(cString: $0) } ?? "out of memory"
        return state.error == YAML_READER_ERROR
            ? .unreadable(problem, atByte: state.problem_offset, value: state.problem_value)
            : .syntax(problem, at: Mark(state.problem_mark))
    }
}

/// Why libyaml could not go on.
enum YAMLFailure: Error {
    /// The bytes are not text that YAML allows.
    case unreadable(String, atByte: Int, value: Int32)

    /// The text is not YAML.
    case syntax(String, at: Mark)
}

extension Mark {
    fileprivate init(_ mark: yaml_mark_t) {
        self.init(line: UInt32(clamping: mark.line), column: UInt32(clamping: mark.column))
    }
}

extension Scalar {
    fileprivate init(_ data: yaml_event_s.__Unnamed_union_data.__Unnamed_struct_scalar) {
        let bytes = UnsafeBufferPointer(start: data.value, count: data.length)
        self.init(
            text: String(decoding: bytes, as: UTF8.self),
            isPlain: data.style == YAML_PLAIN_SCALAR_STYLE
        )
    }
}

extension YAMLEvent.Decorations {
    fileprivate init(anchor: UnsafeMutablePointer<UInt8>?, tag: UnsafeMutablePointer<UInt8>?) {
        self = []
        if anchor != nil { insert(.anchor) }
        if tag != nil { insert(.tag) }
    }
}
