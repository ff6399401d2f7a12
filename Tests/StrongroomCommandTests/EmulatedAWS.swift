import Foundation
import Glibc

/// The built emulator, on a port of its own, for one test; gone with the value.
final class EmulatedAWS: Sendable {
    private let run: Started
    private let log: String
    private let folder: Folder

    /// Its address.
    let url: String

    /// Why the emulator does not serve.
    struct NotServing: Error, CustomStringConvertible {
        let description: String
    }

    /// Starts an emulator and waits until it serves.
    ///
    /// - Parameters:
    ///   - folder: Where it is started.
    ///   - options: What is typed behind its name, the port aside.
    /// - Throws: ``NotServing``.
    init(in folder: Folder, _ options: String...) throws {
        let program = URL(fileURLWithPath: try Program.path()).deletingLastPathComponent()
            .appendingPathComponent("strongroom-emulator").path
        self.folder = folder
        log = "emulator-\(UUID().uuidString).log"
        let talk = Pipe()
        // Its address is its result, so it is brought to where talk is read as it comes.
        run = try Program.start(
            ["-c", "exec \"$0\" \"$@\" 1>&2 2>\(log)", program, "--port", "0", "--log-calls"]
                + options,
            in: folder,
            talk: talk.fileHandleForWriting,
            program: "/bin/sh"
        )
        try talk.fileHandleForWriting.close()
        var said = ""
        while !said.contains("\n") || Self.address(in: said) == nil {
            let more = talk.fileHandleForReading.availableData
            guard !more.isEmpty else { throw NotServing(description: said) }
            said += String(decoding: more, as: UTF8.self)
        }
        url = Self.address(in: said) ?? ""
    }

    deinit { kill(run.pid, SIGTERM) }

    /// What a client's environment holds: the emulator's address and its development key.
    var environment: [String: String] {
        [
            "AWS_ENDPOINT_URL": url,
            "AWS_ACCESS_KEY_ID": "AKIDSTRONGROOMEMULATOR",
            "AWS_SECRET_ACCESS_KEY": "this-development-key-is-in-no-way-secret",
            "AWS_EC2_METADATA_DISABLED": "true",
        ]
    }

    /// The operations that were called so far, whatever was answered.
    func operationsCalled() throws -> Set<String> {
        let lines = try folder.text(log).split(separator: "\n").filter { $0.hasPrefix("call ") }
        return Set(lines.compactMap { $0.split(separator: " ").dropFirst().first.map(String.init) })
    }

    /// Does what people and time do outside the API.
    ///
    /// - Parameter deed: Such as `advance?by=3d`.
    /// - Throws: When the emulator refuses.
    func undergo(_ deed: String) async throws {
        let folder = try Folder()
        let ended = try await Program.start(
            ["-sSf", "-X", "POST", "\(url)/_strongroom/\(deed)"],
            in: folder,
            program: "/usr/bin/curl"
        ).end()
        guard ended.status == 0 else { throw NotServing(description: "\(deed): \(ended.err)") }
    }

    private static func address(in text: String) -> String? {
        text.split(separator: "\n").first { $0.hasPrefix("listening on ") }
            .map { String($0.dropFirst("listening on ".count)) }
    }
}
