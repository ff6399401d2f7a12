import Foundation
import Testing

extension Faults {
    /// The power goes while the program writes.
    ///
    /// What the disk holds is taken while every writer is frozen: what the file system had not sent
    /// by then is lost, as in a power cut.
    @Suite("F04: a power cut")
    struct PowerCutTests {
        @Test(
            "on ext4 takes nothing that was acknowledged",
            .enabled(if: Needs.fileSystem("ext4", "F04"))
        )
        func ext4KeepsWhatWasAcknowledged() async throws {
            try await cutPower(on: .ext4, kibibytes: 16 << 10)
        }

        @Test(
            "on XFS takes nothing that was acknowledged",
            .enabled(if: Needs.fileSystem("xfs", "F04"))
        )
        func xfsKeepsWhatWasAcknowledged() async throws {
            try await cutPower(on: .xfs, kibibytes: 20 << 10)
        }

        private func cutPower(on kind: MountedImage.Kind, kibibytes: Int) async throws {
            let careless = try await losses(of: .renameOnly, on: kind, kibibytes)
            let hasty = try await losses(of: .syncAndRename, on: kind, kibibytes)
            #expect(careless > 0, "a writer that syncs nothing loses nothing: this proves nothing")
            #expect(hasty > 0, "a writer that syncs no directory loses nothing: no proof either")
            #expect(try await losses(of: .syncRenameAndSync, on: kind, kibibytes) == 0)

            let rounds = Torture.figure(full: 200, normal: 20)
            let tally = Tally("F04")
            var chance = Chance(Torture.seed, for: "F04 \(kind.rawValue)")
            var round = 0
            var midway = 0
            while round < rounds {
                // A new world from time to time, so that there is always something to do.
                let rig = try await PowerRig(on: kind, kibibytes: kibibytes)
                for step in 0..<5 where round < rounds {
                    let cut = try await rig.cut(step: step, &chance)
                    midway += cut.wasMidway ? 1 : 0
                    await tally.count("\(kind.rawValue), round \(round), \(cut.what)", cut.harms)
                    round += 1
                }
            }
            await tally.close(
                "power cuts on \(kind.rawValue)",
                [.lost, .corrupt, .duplicate, .unfinished],
                and: [
                    (name: "in the middle of a run", value: midway),
                    (name: "lost by a rename without sync", value: careless),
                    (name: "lost without a sync of the directory", value: hasty),
                ]
            )
        }

        /// How many of ten acknowledged versions a writer loses.
        private func losses(
            of writer: SmallWriter,
            on kind: MountedImage.Kind,
            _ kibibytes: Int
        ) async throws -> Int {
            let system = try await MountedImage(kind, kibibytes: kibibytes)
            var losses = 0
            for version in 1...10 {
                try writer.put("version \(version)\n", into: system.root, named: "file")
                let disk = try system.diskContents()
                let found = try await MountedImage(kind, holding: disk)
                let file = found.root.appendingPathComponent("file")
                let text = try? String(contentsOf: file, encoding: .utf8)
                if text != "version \(version)\n" { losses += 1 }
            }
            return losses
        }
    }
}

/// A writer that replaces a file, with more or less care.
private enum SmallWriter {
    case renameOnly, syncAndRename, syncRenameAndSync

    func put(_ text: String, into directory: URL, named name: String) throws {
        let beside = directory.appendingPathComponent(".\(name).tmp").path
        let file = open(beside, O_WRONLY | O_CREAT | O_TRUNC, 0o600)
        guard file >= 0 else { throw POSIXError(.init(rawValue: errno) ?? .EIO) }
        let bytes = Array(text.utf8)
        guard write(file, bytes, bytes.count) == bytes.count else { throw POSIXError(.EIO) }
        switch self {
        case .renameOnly: break
        case .syncAndRename, .syncRenameAndSync:
            guard fsync(file) == 0 else { throw POSIXError(.EIO) }
        }
        close(file)
        guard rename(beside, directory.appendingPathComponent(name).path) == 0 else {
            throw POSIXError(.init(rawValue: errno) ?? .EIO)
        }
        switch self {
        case .renameOnly, .syncAndRename: break
        case .syncRenameAndSync:
            let held = open(directory.path, O_RDONLY | O_DIRECTORY)
            guard held >= 0, fsync(held) == 0 else { throw POSIXError(.EIO) }
            close(held)
        }
    }
}

/// A tree on a disk of its own, whose power can be cut.
private struct PowerRig {
    let kind: MountedImage.Kind
    let scene: Scene
    let disk: MountedImage

    private var tree: Tree { Tree(folder: Folder(lent: disk.root)) }

    struct Cut {
        let what: String
        let wasMidway: Bool
        let harms: [Harm]
    }

    init(on kind: MountedImage.Kind, kibibytes: Int) async throws {
        self.kind = kind
        scene = try await Scene.growth.value
        disk = try await MountedImage(kind, kibibytes: kibibytes)
        try scene.copy(to: disk.root.appendingPathComponent("tree"))
        sync()
    }

    /// The commands whose end is the same as a calm run's, however often they are cut short.
    private static let commands = [
        ["reconcile", "tree"], ["simulate", "advance", "1m", "tree"], ["apply", "tree", "--yes"],
        ["simulate", "advance", "2m", "tree"], ["reconcile", "tree"],
    ]

    /// Runs a command, cuts the power at some moment of it or right after its end, and looks.
    func cut(step: Int, _ chance: inout Chance) async throws -> Cut {
        let before = try tree.look()
        let command = Self.commands[step]
        let running = try Program.start(command, in: disk.root)
        let isMidway = Bool.random(using: &chance)
        if isMidway {
            while try tree.look(afterFault: true).contents == before.contents, !running.isStopped {
                try await Task.sleep(for: .milliseconds(1))
            }
            try await Task.sleep(for: .milliseconds(Int.random(in: 0...40, using: &chance)))
            running.signal(SIGSTOP)
            while !running.isStopped { try await Task.sleep(for: .milliseconds(1)) }
        } else {
            try await end(running, command)
        }
        let told = Ended(status: 0, out: "", err: try running.outputSoFar())
        let bytes = try disk.diskContents()
        let live = try tree.look(afterFault: true)
        if isMidway {
            running.signal(SIGCONT)
            try await end(running, command)
        }
        let harms = try await look(
            into: bytes,
            whichHad: before,
            told: told,
            ended: isMidway ? nil : live
        )
        let moment = isMidway ? "in the middle" : "right after the end"
        return Cut(
            what: "\(moment) of \(command.joined(separator: " "))",
            wasMidway: isMidway,
            harms: harms
        )
    }

    private func end(_ running: Running, _ command: [String]) async throws {
        let ended = try await running.end()
        guard ended.status == 0 else { throw Tool.Failed(command: command, ended: ended) }
    }

    /// What is wrong with what the disk held.
    ///
    /// - Parameters:
    ///   - bytes: What it held.
    ///   - before: What a run that had ended left, all of it acknowledged.
    ///   - told: What the run under way had told by then.
    ///   - ended: What was there when the run had ended, if it had.
    /// - Returns: The harms.
    /// - Throws: When the disk cannot be mounted.
    private func look(
        into bytes: Data,
        whichHad before: StateLook,
        told: Ended,
        ended: StateLook?
    ) async throws -> [Harm] {
        let found = try await MountedImage(kind, holding: bytes)
        let tree = Tree(folder: Folder(lent: found.root))
        let look = try tree.look(afterFault: true)
        var harms = look.faults.map { Harm(kind: .corrupt, text: $0) }
        let intents = Set(look.journal.intents.map(\.id))
        for intent in before.journal.intents where !intents.contains(intent.id) {
            harms.append(Harm(kind: .lost, text: "\(intent.need) is gone from the journal"))
        }
        for (id, result) in before.journal.results where look.journal.results[id] != result {
            harms.append(Harm(kind: .lost, text: "the outcome \(result) of \(id) is gone"))
        }
        let begun = intents.subtracting(before.journal.intents.map(\.id)).count
        if begun < Told(told).started {
            harms.append(Harm(kind: .lost, text: "a step that was told is gone"))
        }
        for (path, data) in (ended ?? before).world.sorted(by: { $0.key < $1.key })
        where !StateLook.isTemporary(path) {
            guard let kept = look.world[path] else {
                harms.append(Harm(kind: .lost, text: "\(path) is gone"))
                continue
            }
            if ended != nil, kept != data {
                harms.append(Harm(kind: .lost, text: "\(path) is not as it was left"))
            }
        }
        return harms + (try await Aftermath(tree: tree, scene: scene).wrongInTheEnd())
    }
}
