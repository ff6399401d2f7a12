import Foundation
import Testing

extension Faults {
    /// A run that can write only so much.
    @Suite("F03: a full disk")
    struct FullDiskTests {
        @Test("leaves every file whole, and the next run ends where a calm one does")
        func fullDiskLeavesFilesWhole() async throws {
            let tally = Tally("F03")
            try await limitSizes(tally)
            var systems = 0
            if Needs.fileSystem("tmpfs", "F03") { systems += try await fill(.tmpfs, tally) }
            if Needs.fileSystem("ext4", "F03") { systems += try await fill(.ext4, tally) }
            await tally.close(
                "full disks",
                [.falseSuccess, .lost, .corrupt, .duplicate, .unfinished],
                and: [(name: "of them file systems", value: systems)]
            )
        }

        /// Files can grow to a limit only; the last write before it is short.
        private func limitSizes(_ tally: Tally) async throws {
            let scene = try await Scene.growth.value
            let largest = scene.calm.world.values.map(\.count).max() ?? 0
            let count = 50
            let sizes = (0..<count).map { $0 * (largest + 200) / count }
            try await Lanes.forEach(sizes) { _, size in
                let tree = try scene.tree()
                let ended = try await Program.run(
                    scene.command,
                    in: tree.folder.url,
                    under: ["prlimit", "--fsize=\(size)"]
                )
                let harms = try await Self.harms(in: tree, scene, after: ended)
                await tally.count("no file over \(size) bytes", harms)
            }
        }

        /// A file system is filled up but for a few bytes.
        ///
        /// - Returns: How many were.
        private func fill(_ kind: MountedImage.Kind, _ tally: Tally) async throws -> Int {
            let scene = try await Scene.beginning.value
            let left = Array(stride(from: 0, through: 60, by: Torture.isFull ? 4 : 12))
            // ext4 keeps too much for itself to be of use below 256 KiB.
            let sizes = kind == .tmpfs ? [64, 128, 1024] : [256, 512, 1024]
            let cases = sizes.flatMap { size in left.map { (size: size, left: $0) } }
            try await Lanes.forEach(cases) { _, disk in
                let system = try await MountedImage(kind, kibibytes: disk.size)
                let tree = try SmallTree(on: system, scene)
                try tree.fill(leaving: disk.left << 10)
                let ended = try await Program.run(scene.command, in: system.root)
                // The disk is given room: what it holds is gone on with elsewhere.
                let roomy = Tree(folder: try Folder())
                try FileManager.default.copyItem(
                    at: system.root.appendingPathComponent("tree"),
                    to: roomy.folder.file("tree")
                )
                let harms = try await Self.harms(in: roomy, scene, after: ended)
                let text = "\(kind.rawValue) of \(disk.size) KiB with \(disk.left) KiB left"
                await tally.count(text, harms)
            }
            return cases.count
        }

        private static func harms(
            in tree: Tree,
            _ scene: Scene,
            after ended: Ended
        ) async throws -> [Harm] {
            let atOnce = try wrong(in: tree.look(afterFault: true), scene, after: ended)
            return atOnce + (try await Aftermath(tree: tree, scene: scene).wrongInTheEnd())
        }

        private static func wrong(
            in look: StateLook,
            _ scene: Scene,
            after ended: Ended
        ) throws -> [Harm] {
            var harms = look.faults.map { Harm(kind: .corrupt, text: $0) }
            harms += scene.before.world.keys.filter { look.world[$0] == nil }
                .map { Harm(kind: .lost, text: "\($0) is gone") }
            if ended.status == 0, look.facts != scene.calm.facts || !look.journal.open.isEmpty {
                harms.append(Harm(kind: .falseSuccess, text: ended.text))
            }
            return harms
        }
    }
}

/// A scene's tree on a small file system.
private struct SmallTree {
    private let system: MountedImage

    init(on system: MountedImage, _ scene: Scene) throws {
        self.system = system
        try scene.copy(to: system.root.appendingPathComponent("tree"))
    }

    /// Fills the file system up.
    func fill(leaving bytes: Int) throws {
        let file = system.root.appendingPathComponent("full").path
        let descriptor = open(file, O_WRONLY | O_CREAT, 0o600)
        guard descriptor >= 0 else { return }
        defer { close(descriptor) }
        // By kibibytes, so that all but a part of one is taken; then some is given back.
        let block = [UInt8](repeating: 0, count: 1024)
        var size = 0
        while case let count = write(descriptor, block, block.count), count > 0 { size += count }
        _ = ftruncate(descriptor, off_t(max(size - bytes, 0)))
        fsync(descriptor)
    }
}
