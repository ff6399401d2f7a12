import Foundation
import StrongroomManifest
import StrongroomModel

/// Manifests on their way to where nothing else is.
struct NewManifests {
    private let manifests: [NewManifest]

    init(_ manifests: [NewManifest]) {
        self.manifests = manifests
    }

    /// Where manifests are written.
    enum Place {
        /// Standard output, as one stream of documents.
        case stream
        /// A directory, one file each.
        case directory(String)

        /// Finds the place that was asked for.
        ///
        /// - Parameters:
        ///   - output: A directory, `-`, or nothing.
        ///   - fleet: The fleet, beside whose manifest is the place that nothing means.
        /// - Throws: ``Trouble`` if manifests would not be found there again.
        init(_ output: String?, beside fleet: DesiredFleet) throws {
            if output == ManifestReader.standardInput {
                self = .stream
                return
            }
            let file = fleet.name.location.file
            guard output != nil || file != ManifestReader.standardInput else {
                throw Trouble(
                    "the fleet came on standard input: say with -o where to write",
                    .failure
                )
            }
            let directory = output.map(Self.withoutSlash) ?? Self.directory(of: file)
            let state = Self.absolute(fleet.stateDirectory)
            guard Self.absolute(directory) != state,
                !Self.absolute(directory).hasPrefix(state + "/")
            else {
                throw Trouble(
                    "\(directory) belongs to the state, where no manifests are read: "
                        + "choose another -o",
                    .failure
                )
            }
            self = .directory(directory)
        }

        private static func directory(of file: String) -> String {
            guard let slash = file.lastIndex(of: "/") else { return "." }
            return slash == file.startIndex ? "/" : String(file[..<slash])
        }

        private static func withoutSlash(_ directory: String) -> String {
            directory.count > 1 && directory.hasSuffix("/")
                ? withoutSlash(String(directory.dropLast())) : directory
        }

        private static func absolute(_ path: String) -> String {
            URL(fileURLWithPath: path).standardizedFileURL.resolvingSymlinksInPath().path
        }
    }

    /// Writes all of them, or, where one would overwrite something, none.
    ///
    /// - Parameters:
    ///   - place: Where to.
    ///   - terminal: The two streams.
    /// - Throws: ``Trouble`` that names what is in the way.
    func write(to place: Place, _ terminal: Terminal) throws {
        switch place {
        case .stream: terminal.show(manifests.map { "---\n" + $0.text }.joined())
        case .directory(let directory):
            guard !manifests.isEmpty else { return }
            try requireRoom(in: directory)
            for (count, manifest) in manifests.enumerated() {
                let path = "\(directory)/\(manifest.fileName)"
                do {
                    try Self.create(path, manifest.text)
                } catch {
                    throw Trouble(
                        "cannot write \(path): \(SystemWords(error)); "
                            + "\(count) of \(manifests.count) manifests were written before",
                        .failure
                    )
                }
            }
        }
    }

    private func requireRoom(in directory: String) throws {
        let taken = manifests.map { "\(directory)/\($0.fileName)" }.filter { path in
            var status = stat()
            return lstat(path, &status) == 0
        }
        guard taken.isEmpty else {
            throw Trouble(
                "nothing was written, because nothing is overwritten: "
                    + taken.joined(separator: ", ") + " exists already; move it away, "
                    + "write elsewhere with -o, or choose one --cluster with a --name",
                .failure
            )
        }
        do {
            try FileManager.default.createDirectory(
                atPath: directory,
                withIntermediateDirectories: true
            )
        } catch {
            throw Trouble(
                "cannot make the directory \(directory): \(SystemWords(error))",
                .failure
            )
        }
    }

    /// Writes a file that is not there yet, also if somebody else makes it at the same moment.
    private static func create(_ path: String, _ text: String) throws {
        let descriptor = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o644)
        guard descriptor >= 0 else { throw POSIXError(POSIXErrorCode(rawValue: errno) ?? .EIO) }
        let file = FileHandle(fileDescriptor: descriptor, closeOnDealloc: true)
        do {
            try file.write(contentsOf: Data(text.utf8))
            try file.synchronize()
            try file.close()
        } catch {
            // Half a manifest must not be read as a whole one.
            unlink(path)
            throw error
        }
    }
}
