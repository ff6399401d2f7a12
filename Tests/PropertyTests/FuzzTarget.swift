import CloudHSM
import Foundation
import StrongroomManifest
import StrongroomModel
import StrongroomReport
import StrongroomState

/// A parser under test: takes bytes, and says what is wrong with its verdict.
protocol FuzzTarget: SendableMetatype {
    /// The valid inputs to begin from.
    static func corpus() throws -> [[UInt8]]

    init() throws

    /// Reads an input.
    ///
    /// - Returns: What is wrong with the verdict; `nil` for a value, and for an error with a place.
    mutating func fault(of input: [UInt8]) throws -> String?
}

/// Files of this package.
enum PackageFiles {
    static let root = URL(fileURLWithPath: #filePath)
        .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()

    /// The files below a directory whose names end so, in order.
    static func all(below path: String, ending: String) throws -> [URL] {
        let folder = root.appendingPathComponent(path)
        return try FileManager.default.subpathsOfDirectory(atPath: folder.path)
            .filter { $0.hasSuffix(ending) }.sorted().map { folder.appendingPathComponent($0) }
    }
}

/// Manifests.
struct ManifestFuzz: FuzzTarget {
    static func corpus() throws -> [[UInt8]] {
        let corpus = try PackageFiles.all(
            below: "Tests/StrongroomManifestTests/Corpus",
            ending: ".yaml"
        )
        let examples = try PackageFiles.all(below: "examples", ending: "fleet.yaml")
        return try (corpus + examples).map { try Array(Data(contentsOf: $0)) }
    }

    mutating func fault(of input: [UInt8]) -> String? {
        let found: [Diagnostic]
        do {
            _ = try ManifestReader().read(["-"], standardInput: input)
            return nil
        } catch {
            found = error.diagnostics
        }
        guard !found.isEmpty else { return "refused without a mistake" }
        guard found == found.sorted() else { return "mistakes out of order" }
        // YAML also breaks lines at NEL, LS and PS, which end in these bytes.
        let lines = input.count { [0x0A, 0x0D, 0x85, 0xA8, 0xA9].contains($0) } + 1
        let astray = found.compactMap(\.location).first { !(1...lines).contains($0.line) }
        return astray.map { "a mistake on line \($0.line) of \(lines)" }
    }
}

/// Saved plans.
struct PlanFuzz: FuzzTarget {
    static func corpus() throws -> [[UInt8]] {
        (1...6 as ClosedRange<UInt64>).map { seed in
            var dice = Dice(seed: seed)
            let world = dice.fleet(of: 2, isStrange: false)
            let plan = world.plan
            return PlanDocument(plan, provedBy: world.proof(of: plan)).json()
        }
    }

    mutating func fault(of input: [UInt8]) -> String? {
        do {
            let document = try PlanDocument(json: input)
            // What is taken is, byte for byte, what was written.
            return document.json() == input ? nil : "taken, and written otherwise"
        } catch {
            return "\(error)".isEmpty ? "refused without a word" : nil
        }
    }
}

/// State directories: one file of one is spoilt, then all of it is read.
final class StateFuzz: FuzzTarget {
    private let path: String
    private let files: [(path: String, bytes: [UInt8])]

    static func corpus() throws -> [[UInt8]] {
        let files = try PackageFiles.all(below: "examples", ending: ".json")
        return try files.filter { $0.path.contains("/state/") }
            .map { try Array(Data(contentsOf: $0)) }
            .filter { $0.count < 20_000 }
    }

    init() throws {
        var template = Array("\(NSTemporaryDirectory())strongroom-fuzz-XXXXXX".utf8CString)
        guard let made = mkdtemp(&template) else { throw POSIXError(.EIO) }
        path = String(cString: made) + "/state"
        let example = PackageFiles.root.appendingPathComponent("examples/purge/state")
        try FileManager.default.copyItem(at: example, to: URL(fileURLWithPath: path))
        files = try FileManager.default.subpathsOfDirectory(atPath: path).sorted()
            .compactMap { [path] name in
                let url = URL(fileURLWithPath: "\(path)/\(name)")
                let isFile = try url.resourceValues(forKeys: [.isRegularFileKey]).isRegularFile
                guard isFile ?? false, !name.hasPrefix("lock"), !name.contains("/.") else {
                    return nil
                }
                return (url.path, try Array(Data(contentsOf: url)))
            }
    }

    deinit {
        let parent = URL(fileURLWithPath: path).deletingLastPathComponent()
        try? FileManager.default.removeItem(at: parent)
    }

    /// Chooses the file by the input, so that a seed decides it.
    func fault(of input: [UInt8]) throws -> String? {
        let choice = input.reduce(5_381) { ($0 &* 33) ^ Int($1) }
        let file = files[Int(UInt(bitPattern: choice) % UInt(files.count))]
        var dice = Dice(seed: UInt64(bitPattern: Int64(choice)))
        // Half the time the file's own bytes are spoilt, so that the rest of it still fits.
        let bytes =
            dice.one(in: 2) ? input : Mutator(corpus: [file.bytes]).spoilt(file.bytes, &dice)
        try overwrite(file.path, with: bytes)
        defer { try? overwrite(file.path, with: file.bytes) }
        do throws(StateError) {
            let state = try StateDirectory.open(at: path, for: .reading)
            for id in state.groupIDs() { _ = try state.record(of: id) }
            _ = try state.simulatedWorld()
            _ = try state.seen()
            _ = try state.journal.reading(since: Timestamp(milliseconds: .min))
            return nil
        } catch {
            return "\(error)".contains("/") ? nil : "an error without a file: \(error)"
        }
    }

    private func overwrite(_ path: String, with bytes: [UInt8]) throws {
        let file = open(path, O_WRONLY | O_TRUNC)
        guard file >= 0 else { throw POSIXError(.ENOENT) }
        defer { close(file) }
        let count = bytes.withUnsafeBytes { write(file, $0.baseAddress, $0.count) }
        guard count == bytes.count else { throw POSIXError(.EIO) }
    }
}
