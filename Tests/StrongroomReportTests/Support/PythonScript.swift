import Foundation
import Testing

/// Second opinions by Python: the scripts beside this file, which share no code with ours.
enum PythonScript {
    /// Python is missing, or a script failed; never passed over.
    struct Failure: Error {
        let script: String
        let words: String
    }

    /// The Python that `scripts/test` found to have what the scripts need.
    private static let python =
        ProcessInfo.processInfo.environment["STRONGROOM_PYTHON"] ?? "python3"

    private static let folder = URL(filePath: #filePath).deletingLastPathComponent()

    /// What a script prints.
    ///
    /// - Parameters:
    ///   - script: Its file name.
    ///   - json: A document; the script's first argument is a file that holds it.
    ///   - arguments: What follows.
    /// - Returns: Its output.
    /// - Throws: When Python cannot be run or the script fails.
    static func output(
        of script: String,
        reading json: [UInt8],
        _ arguments: [String] = []
    ) throws -> String {
        let document = FileManager.default.temporaryDirectory
            .appending(path: "strongroom-\(UUID().uuidString).json")
        try Data(json).write(to: document)
        defer { try? FileManager.default.removeItem(at: document) }
        let process = Process()
        process.executableURL = URL(filePath: "/usr/bin/env")
        process.arguments =
            [python, folder.appending(path: script).path, document.path] + arguments
        let output = Pipe()
        process.standardOutput = output
        process.standardError = output
        try process.run()
        let bytes = output.fileHandleForReading.readDataToEndOfFile()
        process.waitUntilExit()
        let words = String(decoding: bytes, as: UTF8.self)
        guard process.terminationStatus == 0 else { throw Failure(script: script, words: words) }
        return words
    }
}

/// Holds documents against the schemas of the repository, with Python's jsonschema.
enum SchemaCheck {
    /// What a schema finds wrong with a document; empty if nothing.
    ///
    /// - Parameters:
    ///   - json: The document.
    ///   - name: The schema's file name.
    /// - Returns: One line per violation.
    /// - Throws: When Python or its jsonschema cannot be run.
    static func violations(in json: [UInt8], against name: String) throws -> String {
        let root = URL(filePath: #filePath).deletingLastPathComponent()
            .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
        let schema = root.appending(path: "schemas/\(name)").path
        return try PythonScript.output(of: "validate.py", reading: json, [schema])
    }
}
