import Foundation
import Testing

/// Holds documents against the schemas of the repository, with Python's jsonschema.
enum SchemaCheck {
    private static let tests = URL(filePath: #filePath).deletingLastPathComponent()

    /// What the schema finds wrong with a document; empty if nothing.
    ///
    /// - Parameters:
    ///   - json: The document.
    ///   - name: The schema's file name.
    /// - Throws: When Python or its jsonschema cannot be run.
    static func violations(in json: [UInt8], against name: String) throws -> String {
        let root = tests.deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent()
        let folder = FileManager.default.temporaryDirectory
            .appending(path: "strongroom-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        let document = folder.appending(path: "document.json")
        try Data(json).write(to: document)
        let process = Process()
        process.executableURL = URL(filePath: "/usr/bin/env")
        process.arguments = [
            "python3", tests.appending(path: "validate.py").path,
            root.appending(path: "schemas/\(name)").path, document.path,
        ]
        let output = Pipe()
        process.standardOutput = output
        process.standardError = output
        try process.run()
        let text = String(
            decoding: output.fileHandleForReading.readDataToEndOfFile(),
            as: UTF8.self
        )
        process.waitUntilExit()
        guard process.terminationStatus != 0 || !text.isEmpty else { return "" }
        return text.isEmpty ? "python3 ended with \(process.terminationStatus)" : text
    }
}
