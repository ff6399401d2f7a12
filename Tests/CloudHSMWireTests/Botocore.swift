import Foundation

/// Second opinions by botocore: the script in `Support`, which shares no code with ours.
enum Botocore {
    /// Python or botocore is missing, or the script failed; never passed over.
    struct Failure: Error {
        let mode: String
        let words: String
    }

    /// The Python that `scripts/test` found to have what the scripts need.
    private static let python =
        ProcessInfo.processInfo.environment["STRONGROOM_PYTHON"] ?? "python3"

    private static let script = URL(filePath: #filePath).deletingLastPathComponent()
        .appending(path: "Support/botocore_opinions.py").path

    /// What botocore makes of something.
    ///
    /// - Parameters:
    ///   - mode: The script's mode.
    ///   - question: What it is given.
    ///   - type: What it is to print.
    /// - Returns: What it prints.
    /// - Throws: When Python cannot be run or the script fails.
    static func opinion<Question: Encodable, Opinion: Decodable>(
        _ mode: String,
        on question: Question,
        as type: Opinion.Type = Opinion.self
    ) throws -> Opinion {
        let folder = FileManager.default.temporaryDirectory
            .appending(path: "strongroom-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        let asked = folder.appending(path: "question.json")
        let told = folder.appending(path: "output")
        let said = folder.appending(path: "errors")
        try JSONEncoder().encode(question).write(to: asked)
        for file in [told, said] { try Data().write(to: file) }
        let process = Process()
        process.executableURL = URL(filePath: "/usr/bin/env")
        process.arguments = [python, script, mode, asked.path]
        process.standardOutput = try FileHandle(forWritingTo: told)
        process.standardError = try FileHandle(forWritingTo: said)
        try process.run()
        process.waitUntilExit()
        guard process.terminationStatus == 0 else {
            let words = String(decoding: try Data(contentsOf: said), as: UTF8.self)
            throw Failure(mode: mode, words: words)
        }
        return try JSONDecoder().decode(type, from: Data(contentsOf: told))
    }
}
