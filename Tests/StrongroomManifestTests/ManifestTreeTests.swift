import Foundation
import StrongroomManifest
import StrongroomModel
import Testing

/// Which files are read, and which are not.
@Suite struct ManifestTreeTests {
    private static let fleet = """
        apiVersion: strongroom/v1
        kind: Fleet
        metadata: { name: acme }
        spec: { service: simulator, state: ./state, regions: [us-east-1] }

        """

    private static func cluster(_ name: String, more: String = "") -> String {
        """
        apiVersion: strongroom/v1
        kind: Cluster
        metadata: { name: \(name) }
        spec:
          region: us-east-1
          hsmType: hsm2m.medium
          mode: FIPS
          subnets: { us-east-1a: subnet-0a1b2c3d }
          backups: { retentionDays: 7 }
        \(more)
        """
    }

    /// The names of the clusters read, or the rules that were broken.
    private func read(_ paths: String..., in folder: Folder) -> [String] {
        do {
            let paths = paths.map { $0 == "-" ? $0 : folder.path($0) }
            return try ManifestReader().read(paths).clusters.map(\.name.value)
        } catch {
            return error.diagnostics.map(\.rule)
        }
    }

    @Test func readsEveryManifestBelowADirectory() throws {
        let folder = try Folder([
            "fleet.yaml": Self.fleet, "b.yml": Self.cluster("b"),
            "eu/deep/a.yaml": Self.cluster("a"),
            "README.md": "# not a manifest", "notes.txt": "\t",
        ])
        #expect(read("", in: folder) == ["a", "b"])
        #expect(read("fleet.yaml", "eu", in: folder) == ["a"])
        #expect(read("fleet.yaml", in: folder) == [])
    }

    /// Makes a file or directory whose name is bytes.
    private func make(_ name: [UInt8], in folder: Folder, _ text: String? = nil) {
        let path = (Array("\(folder.path(""))/".utf8) + name).map { CChar(bitPattern: $0) } + [0]
        guard let text else {
            mkdir(path, 0o700)
            return
        }
        let file = open(path, O_WRONLY | O_CREAT, 0o600)
        _ = text.withCString { write(file, $0, strlen($0)) }
        close(file)
    }

    private func messages(_ folder: Folder) -> [String] {
        do {
            _ = try ManifestReader().read([folder.path("")])
            return []
        } catch {
            return error.diagnostics.map { "\($0.rule): \($0.message)" }
        }
    }

    @Test func safeTextOfANameThatIsNotUTF8() throws {
        let folder = try Folder(["fleet.yaml": Self.fleet])
        make([0x70, 0xE9, 0x1B] + Array(".yaml".utf8), in: folder, Self.cluster("a"))
        make([0xFF, 0x64], in: folder)
        make([0xFE] + Array("notes.txt".utf8), in: folder, "none of ours")
        try folder.link("link", to: "nowhere")
        let found = messages(folder)
        #expect(found.count == 2 && found.allSatisfy { $0.hasPrefix("file-name-not-utf-8: ") })
        #expect(found.contains { $0.contains(#"p\xe9"#) && $0.hasSuffix(#".yaml" is not UTF-8"#) })
        #expect(found.contains { $0.hasSuffix(#"/\xffd" is not UTF-8"#) }, "\(found)")
    }

    @Test func aStateDirectoryIsNeverReadAsManifests() throws {
        let folder = try Folder([
            "fleet.yaml": Self.fleet, "state/FORMAT": "1", "state/journal/1": "{}",
            "state/stray.yaml": Self.cluster("a"),
        ])
        make(Array("state/".utf8) + [0xFF, 0x64], in: folder)
        #expect(messages(folder) == [])
        #expect(read("", in: folder) == [])
    }

    @Test func safeTextOfACertificateInAnOldEncoding() throws {
        let more = "  initialization: { certificate: certs/é.crt, trustAnchor: certs/root.crt }"
        let folder = try Folder([
            "fleet.yaml": Self.fleet, "a.yaml": Self.cluster("a", more: more), "certs/x": "x",
        ])
        #expect(messages(folder) == [])
        make(Array("certs/".utf8) + [0xE9] + Array(".crt".utf8), in: folder, "x")
        let found = messages(folder)
        #expect(found.count == 1 && found[0].hasPrefix("file-name-not-utf-8: "), "\(found)")
        #expect(found.first?.contains(#"\xe9.crt"#) == true)
    }

    @Test func aDirectoryAboveMayHaveAnyName() throws {
        let folder = try Folder()
        make([0xFF], in: folder)
        let inside = Array("\(folder.path(""))/".utf8) + [0xFF]
        try folder.write("tree/fleet.yaml", Array(Self.fleet.utf8))
        try folder.write("tree/real/a.yaml", Array(Self.cluster("a").utf8))
        try folder.link("tree/linked", to: "real")
        let moved = (inside + Array("/tree".utf8)).map { CChar(bitPattern: $0) } + [0]
        #expect(rename(folder.path("tree"), moved) == 0)
        #expect(symlink(inside.map { CChar(bitPattern: $0) } + [0], folder.path("way")) == 0)
        #expect(read("way/tree", in: folder) == ["a"])
        #expect(read("way/tree/fleet.yaml", "way/tree/linked/a.yaml", in: folder) == ["a"])
    }

    @Test func skipsWhatIsHiddenAndTheStateDirectory() throws {
        let folder = try Folder([
            "fleet.yaml": Self.fleet, "a.yaml": Self.cluster("a"), ".git/x.yaml": "[",
            ".hidden.yaml": "[", "state/stray.yaml": "[",
            "state/deep/stray.yaml": Self.cluster("a"),
        ])
        #expect(read("", in: folder) == ["a"])
    }

    @Test func aFleetCannotKeepItsStateAroundItsOwnManifest() throws {
        let around = Self.fleet.replacing("./state", with: ".")
        let folder = try Folder(["fleet.yaml": around, "a.yaml": Self.cluster("a")])
        #expect(read("", in: folder) == ["state-holds-manifests"])
    }

    @Test func theStateDirectoryIsFoundBesideTheFleetsManifest() throws {
        let folder = try Folder(["prod/fleet.yaml": Self.fleet])
        let fleet = try ManifestReader().read([folder.path("prod/fleet.yaml")])
        #expect(fleet.stateDirectory == folder.path("prod/state"))
    }

    @Test func whatIsNamedMustBeThere() throws {
        let folder = try Folder(["fleet.yaml": Self.fleet, "empty/.keep": ""])
        #expect(read("missing", in: folder) == ["file-not-found"])
        #expect(read("fleet.yaml", "missing.yaml", in: folder) == ["file-not-found"])
        #expect(read("empty", in: folder) == ["nothing-read"])
        #expect(read(in: folder) == ["nothing-read"])
    }

    @Test func allFilesThatCannotBeReadAreNamedAtOnce() throws {
        let folder = try Folder(["fleet.yaml": Self.fleet])
        try folder.link("dangling.yaml", to: "nowhere")
        try folder.pipe("pipe.yaml")
        #expect(
            read("", "gone", in: folder) == [
                "file-not-found", "file-not-found", "not-a-regular-file",
            ]
        )
    }

    @Test func aPipeIsNotAManifestAndIsNotWaitedFor() throws {
        let folder = try Folder(["fleet.yaml": Self.fleet])
        try folder.pipe("pipe.yaml")
        #expect(read("pipe.yaml", in: folder) == ["not-a-regular-file"])
    }

    @Test func aLinkIsFollowedOnlyInsideTheNamedDirectory() throws {
        let folder = try Folder([
            "in/fleet.yaml": Self.fleet, "in/..data/a.yaml": Self.cluster("a"),
            "out/b.yaml": Self.cluster("b"), "out/c/c.yaml": Self.cluster("c"),
        ])
        try folder.link("in/a.yaml", to: "..data/a.yaml")
        #expect(read("in", in: folder) == ["a"])
        try folder.link("in/b.yaml", to: "../out/b.yaml")
        #expect(read("in", in: folder) == ["path-outside"])
        try folder.link("in/c", to: "../out/c")
        #expect(read("in", in: folder) == ["path-outside", "path-outside"])
        #expect(read("in/fleet.yaml", "in/b.yaml", in: folder) == ["b"])
    }

    @Test func aFileIsReadOnceHoweverManyNamesLeadToIt() throws {
        let folder = try Folder(["fleet.yaml": Self.fleet, "x/a.yaml": Self.cluster("a")])
        try folder.link("a.yaml", to: "x/a.yaml")
        try folder.link("y", to: "x")
        try folder.link("x/loop", to: "..")
        #expect(read("", "x/a.yaml", "x", "fleet.yaml", in: folder) == ["a"])
    }

    @Test func aFileThatIsTooLargeIsNotReadWhole() throws {
        let folder = try Folder([
            "fleet.yaml": Self.fleet, "big.yaml": String(repeating: "#", count: 3 << 20),
        ])
        #expect(read("", in: folder) == ["file-too-large"])
    }

    @Test func mistakesAreOrderedByFileAndLine() throws {
        let folder = try Folder([
            "fleet.yaml": Self.fleet, "b.yaml": Self.cluster("b", more: "  hsmz: 1\n  copiez: []"),
            "a.yaml":
                "apiVersion: strongroom/v1\nkind: Cluster\nmetadata: { name: a }\nspec: { region: x }",
        ])
        #expect(throws: ManifestErrors.self) { try ManifestReader().read([folder.path("")]) }
        do {
            _ = try ManifestReader().read([folder.path("")])
        } catch {
            let places = error.diagnostics.compactMap(\.location)
            #expect(places == places.sorted())
            #expect(
                error.diagnostics.map(\.rule) == [
                    "missing-key", "missing-key", "missing-key", "missing-retention",
                    "malformed-region",
                    "unknown-key", "unknown-key",
                ]
            )
            #expect(places.first?.file == folder.path("a.yaml"))
        }
    }
}
