import Foundation
import Testing

/// An emulator at work on the world of an example, with a proxy before it, and a tree of manifests
/// beside it that asks for what the example asks for.
final class EmulatedWorld: Sendable {
    private static let clock = #""clock" : ""#
    private static let account =
        #"{ name: prod, id: "000000000000", "#
        + #"roleArn: "arn:aws:iam::000000000000:role/strongroom" }"#

    let folder: Folder
    let proxy: WireProxy
    private let emulator: Started

    /// Begins a world.
    ///
    /// - Parameters:
    ///   - story: What is asked for of it.
    ///   - stride: How far the world goes on when its clock is waited for.
    /// - Throws: When the emulator does not listen.
    init(for story: WireStory, stride: String) async throws {
        folder = try Folder()
        let example = ExampleTests.root.appendingPathComponent("examples/\(story.example)")
        try folder.copy(example, to: "tree")
        try FileManager.default.moveItem(at: folder.file("tree/state"), to: folder.file("world"))
        try folder.replace(
            "service: simulator",
            with: "service: aws\n  accounts: [\(Self.account)]",
            in: "tree/fleet.yaml"
        )
        try story.edit(folder)
        let parts = try folder.text("world/simulator.json").components(separatedBy: Self.clock)
        let start = try #require(parts.last?.split(separator: "\"").first)
        emulator = try Program.start(
            ["--port", "0", "--state", "world", "--allow-volatile-state", "--log-calls"]
                + ["--start", String(start)] + story.options,
            in: folder,
            program: Program.path().appending("-emulator")
        )
        var port: UInt16?
        while port == nil {
            let said = try emulator.soFar()
            if said.out.contains("signatures") {
                let line = said.out.split(separator: "\n").first ?? ""
                port = line.split(separator: ":").last.flatMap { UInt16($0) }
            }
            try #require(kill(emulator.pid, 0) == 0, "the emulator ended: \(said.err)")
            try await Task.sleep(for: .milliseconds(10))
        }
        proxy = try WireProxy(before: try #require(port), stride: stride)
    }

    deinit {
        proxy.stop()
        kill(emulator.pid, SIGKILL)
    }

    /// Runs the command on the tree, through the proxy.
    ///
    /// - Parameters:
    ///   - arguments: What is typed behind its name, the tree aside.
    ///   - secret: The secret key it has; the emulator's unless told otherwise.
    /// - Returns: How it ended.
    /// - Throws: When it cannot be started.
    func run(
        _ arguments: [String],
        secret: String = "this-development-key-is-in-no-way-secret"
    ) async throws -> Program.Ended {
        try await Program.run(
            arguments + Self.options,
            in: folder,
            environment: environment(secret: secret)
        )
    }

    /// Runs the command on the tree, through the proxy.
    func run(_ arguments: String...) async throws -> Program.Ended { try await run(arguments) }

    /// Starts the command on the tree, through the proxy.
    func start(_ arguments: String...) throws -> Started { try start(arguments) }

    /// Starts the command on the tree, through the proxy.
    func start(_ arguments: [String]) throws -> Started {
        try Program.start(arguments + Self.options, in: folder, environment: environment())
    }

    private static let options = ["tree", "--emulator-clock", "--allow-volatile-state"]

    private func environment(
        secret: String = "this-development-key-is-in-no-way-secret"
    ) -> [String: String] {
        [
            "AWS_ENDPOINT_URL": proxy.url,
            "AWS_ACCESS_KEY_ID": "AKIDSTRONGROOMEMULATOR",
            "AWS_SECRET_ACCESS_KEY": secret,
        ]
    }

    /// One run that carries out what is planned.
    func apply() async throws -> Program.Ended {
        try await run("apply", "--yes", "--allow-endpoint", "--timeout", "600")
    }

    /// How often the emulator carried out each operation that changes something.
    func effects() throws -> [String: Int] {
        var effects: [String: Int] = [:]
        for line in try emulator.soFar().err.split(separator: "\n") {
            let words = line.split(separator: " ").map(String.init)
            guard words.count >= 5, words[0] == "call", words[4] == "200" else { continue }
            guard !words[1].hasPrefix("Describe"), words[1] != "ListTags" else { continue }
            effects[words[1], default: 0] += 1
        }
        return effects
    }

    /// What there is in the world once everything has come to rest, as a calm look shows it.
    func rest() async throws -> [String] {
        proxy.pause(true)
        defer { proxy.pause(false) }
        try proxy.advance(by: "90m")
        let observed = try await run("observe")
        try #require(observed.status == 0, "\(observed.err)")
        return try WorldSummary.lines(of: folder.contents(below: "tree/state"))
    }
}
