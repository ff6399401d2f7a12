public import StrongroomModel

/// Reads manifests into the fleet they describe.
public struct ManifestReader: Sendable {
    /// The path that stands for standard input.
    public static let standardInput = "-"

    /// Makes a reader.
    ///
    /// It keeps nothing between two readings.
    public init() {}

    /// Reads a fleet.
    ///
    /// A directory stands for every file below it that ends in `.yaml` or `.yml`; hidden directories
    /// and the fleet's own state directory are left out. Nothing is written, and no text of a
    /// manifest is obeyed.
    ///
    /// - Parameters:
    ///   - paths: Files, directories and ``standardInput``, at least one.
    ///   - standardInput: The bytes of standard input, where it is among the paths.
    ///   - texts: Manifests that lie in no file yet.
    /// - Returns: The fleet, every rule checked.
    /// - Throws: ``ManifestErrors`` with every mistake of every file. That nothing could be read is
    ///   one of them.
    public func read(
        _ paths: [String],
        standardInput: [UInt8]? = nil,
        and texts: [ManifestText] = []
    ) throws(ManifestErrors) -> DesiredFleet {
        let tree = ManifestTree(paths, standardInput: standardInput)
        var texts = (tree.inputs + texts.map(\.input)).mapOnAllCores { WrittenText($0) }
        let fleets = texts.flatMap(\.fleets)
        if fleets.count == 1, let fleet = fleets.first { leaveOutState(of: fleet, among: &texts) }
        let all = AllManifests(
            fleet: fleets.count == 1 ? fleets.first : nil,
            clusters: texts.flatMap(\.clusters)
        )
        check(fleets)
        all.check()
        let clusters = all.desiredClusters(certificates: CertificateFiles(roots: tree.roots))
        let diagnostics =
            tree.mistakes.map(\.diagnostic) + texts.flatMap(\.findings.diagnostics)
            + missing(texts, fleets: fleets, paths: paths, isReadable: tree.mistakes.isEmpty)
        guard diagnostics.isEmpty, let fleet = all.fleet?.desired(clusters: clusters) else {
            throw ManifestErrors(diagnostics)
        }
        return fleet
    }

    /// Leaves out what lies in the state directory, except the fleet's manifest itself, which may not.
    private func leaveOutState(of fleet: WrittenFleet, among texts: inout [WrittenText]) {
        guard let state = fleet.state, let path = fleet.stateDirectory,
            let directory = try? RealPath(of: path)
        else { return }
        texts.removeAll { text in
            guard let path = text.path, directory.contains(path) else { return false }
            guard text.findings === fleet.findings else { return true }
            fleet.findings.report(FleetMistake.stateHoldsManifests(state.value), at: state.span)
            return false
        }
    }

    private func check(_ fleets: [WrittenFleet]) {
        for fleet in fleets { fleet.check() }
        guard let first = fleets.first else { return }
        let place = first.findings.source.location(of: first.span.start)
        for fleet in fleets.dropFirst() {
            fleet.findings.report(FleetMistake.second(first: place), at: fleet.span)
        }
    }

    /// What must be there and is not.
    private func missing(
        _ texts: [WrittenText],
        fleets: [WrittenFleet],
        paths: [String],
        isReadable: Bool
    ) -> [Diagnostic] {
        if !texts.contains(where: { $0.hasDocuments || !$0.findings.diagnostics.isEmpty }) {
            return isReadable ? [NothingRead.noManifest(paths).diagnostic] : []
        }
        // A document that could not be judged may be the fleet.
        let isClear = isReadable && texts.allSatisfy(\.areKindsKnown)
        return fleets.isEmpty && isClear ? [NothingRead.noFleet(paths).diagnostic] : []
    }
}

/// A manifest that lies in no file yet.
public struct ManifestText: Hashable, Sendable {
    /// What messages call it.
    public let file: String

    /// The YAML.
    public let text: String

    /// Joins a text and its name.
    ///
    /// - Parameters:
    ///   - file: What messages call it.
    ///   - text: The YAML.
    public init(file: String, text: String) {
        self.file = file
        self.text = text
    }

    /// The text as one more input.
    fileprivate var input: ManifestInput {
        ManifestInput(source: SourceText(file: file, bytes: Array(text.utf8)), path: nil)
    }
}

/// The mistakes in what a person wrote, all of them.
public struct ManifestErrors: Error, Hashable, Sendable {
    /// The mistakes by file, line and column; never empty.
    public let diagnostics: [Diagnostic]

    /// Sorts the mistakes.
    init(_ diagnostics: [Diagnostic]) {
        self.diagnostics = diagnostics.sorted()
    }
}

/// Paths that lead to no manifests: an error, never a fleet without clusters.
enum NothingRead: Mistake, Equatable {
    case noManifest([String])
    case noFleet([String])

    var rule: String {
        switch self {
        case .noManifest: "nothing-read"
        case .noFleet: "no-fleet"
        }
    }

    var message: String {
        switch self {
        case .noManifest(let paths): "there are no manifests in \(list(paths))"
        case .noFleet(let paths): "no manifest in \(list(paths)) is of kind Fleet"
        }
    }

    var help: String {
        switch self {
        case .noManifest: "name files or directories with .yaml or .yml files in them"
        case .noFleet: "add a manifest of kind Fleet, or name its file as well"
        }
    }

    private func list(_ paths: [String]) -> String {
        paths.isEmpty ? "an empty list of paths" : paths.map(quoted).joined(separator: ", ")
    }
}

extension Mistake {
    /// The mistake as a diagnostic without a place.
    fileprivate var diagnostic: Diagnostic {
        Diagnostic(rule: rule, message: message, at: nil, help: help)
    }
}
