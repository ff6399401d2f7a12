internal import CSimdJSON
internal import StrictJSON

/// Parses one file after the other in the same memory; for one thread at a time.
///
/// Everything read from a document, slots included, is valid until the next one is parsed.
final class JSONParser {
    /// How deep arrays and objects may stand in each other, in any file.
    static let deepest = 64

    /// How large a file may be.
    static let largestFile = 64 << 20

    private let handle: OpaquePointer
    private var memory: UnsafeMutableRawBufferPointer
    private var count = 0

    init() {
        guard let handle = csj_parser_create(Self.deepest) else {
            preconditionFailure("no memory for a JSON parser")
        }
        self.handle = handle
        memory = Self.memory(for: 64 << 10)
    }

    deinit {
        csj_parser_destroy(handle)
        memory.deallocate()
    }

    /// Takes over a file's bytes without parsing them.
    ///
    /// - Parameters:
    ///   - expected: How many bytes are expected.
    ///   - fill: Writes the next bytes into free memory and says how many; 0 at the end.
    /// - Throws: What `fill` throws.
    func load(
        expecting expected: Int,
        fill: (UnsafeMutableRawBufferPointer) throws(StateError) -> Int
    ) throws(StateError) {
        count = 0
        // One byte more than expected, so that the end is seen without growing.
        reserve(expected + 1)
        while true {
            let capacity = memory.count - csj_padding()
            let added = try fill(UnsafeMutableRawBufferPointer(rebasing: memory[count..<capacity]))
            guard added > 0 else { return }
            count += added
            if count == capacity { reserve(count * 2) }
        }
    }

    /// Takes over bytes that are in memory already.
    func load(_ bytes: [UInt8]) {
        count = 0
        reserve(bytes.count + 1)
        memory.copyBytes(from: bytes)
        count = bytes.count
    }

    /// The bytes that were taken over.
    var bytes: UnsafeRawBufferPointer { UnsafeRawBufferPointer(rebasing: memory[..<count]) }

    /// Parses what was taken over.
    ///
    /// - Parameter file: The file's name for messages.
    /// - Returns: The topmost value.
    /// - Throws: ``StateError/notJSON(file:at:message:)``.
    func parse(file: @autoclosure () -> String) throws(StateError) -> csj_slot {
        let text = memory.assumingMemoryBound(to: UInt8.self)
        guard let start = text.baseAddress else {
            preconditionFailure("the parser's memory has no address")
        }
        // simdjson reads past the end, though it does not let it decide anything.
        for index in 0..<csj_padding() { text[count + index] = 0 }
        var root = csj_slot()
        let error = csj_parse(handle, start, count, &root)
        guard error == 0 else {
            let fault = JSONInspection.firstFault(
                in: Array(bytes),
                StrictJSON.Limits(bytes: Self.largestFile, depth: Self.deepest)
            )
            throw .notJSON(
                file: file(),
                at: fault.map { StateError.TextPosition(line: $0.line, column: $0.column) },
                message: fault?.what ?? String(cString: csj_message(error))
            )
        }
        return root
    }

    private func reserve(_ wanted: Int) {
        guard wanted + csj_padding() > memory.count else { return }
        let larger = Self.memory(for: wanted)
        larger.copyMemory(from: UnsafeRawBufferPointer(rebasing: memory[..<count]))
        memory.deallocate()
        memory = larger
    }

    private static func memory(for count: Int) -> UnsafeMutableRawBufferPointer {
        .allocate(byteCount: count + csj_padding(), alignment: csj_padding())
    }
}
