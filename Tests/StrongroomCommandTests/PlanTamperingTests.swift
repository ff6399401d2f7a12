import Foundation
import Testing

/// F19, for plans: whatever is changed in a saved plan, nothing is sent under it.
@Suite("A saved plan that was tampered with")
struct PlanTamperingTests {
    /// What somebody did to a plan.
    private struct Change: Sendable {
        let words: String
        let bytes: Data
    }

    @Test("is refused before the first call, whatever was changed")
    func isRefused() async throws {
        let tree = try await Tree(.created)
        try await tree.done("simulate", "sign", "payments", "tree")
        try await tree.done("keygen", "--out", "key")
        try await tree.done("plan", "tree", "-o", "signed.json", "--sign", "key.pem")
        try await tree.done("plan", "tree", "-o", "plain.json")
        var numbers = SeededNumbers(seed: Torture.seed)
        let signed = try Data(contentsOf: tree.folder.file("signed.json"))
        let plain = try Data(contentsOf: tree.folder.file("plain.json"))
        let flips = flips(of: signed, &numbers)
        let cuts = cuts(of: signed, &numbers)
        let swaps = swaps(of: signed)
        let tails = tails(of: signed, and: plain)
        // A plan that lost its signature is whole, and only not trusted.
        let strangers = [Change(words: "the signature taken off", bytes: plain)]
        let changes = flips + cuts + swaps + tails + strangers
        let before = try tree.effects()
        let refused = try await refusals(of: changes, in: tree)
        #expect(refused == changes.count)
        let sent = try tree.effects(since: before)
        #expect(sent == 0, "nothing was sent")
        let whole = ["apply", "signed.json", "tree", "--yes", "--trusted-key", "key.pub.pem"]
        #expect(try await Program.run(whole, in: tree.folder).status == 0, "the whole one fits")
        Torture.close(
            "F19",
            [
                ("bytes", signed.count), ("flips", flips.count), ("cuts", cuts.count),
                ("swaps", swaps.count), ("appends", tails.count), ("refused", refused),
                ("of", changes.count), ("sent", sent),
            ]
        )
    }

    /// How many of the changed plans are refused with the right code; each that is not is an issue.
    private func refusals(of changes: [Change], in tree: Tree) async throws -> Int {
        let atOnce = 4
        return try await withThrowingTaskGroup(of: Int.self) { group in
            for worker in 0..<atOnce {
                let share = stride(from: worker, to: changes.count, by: atOnce).map { changes[$0] }
                group.addTask {
                    var refused = 0
                    for change in share {
                        let file = "changed-\(worker).json"
                        try tree.folder.write(change.bytes, to: file)
                        let ended = try await tree.run(
                            "apply",
                            file,
                            "tree",
                            "--yes",
                            "--trusted-key",
                            "key.pub.pem"
                        )
                        if ended.status == 6 { refused += 1 }
                        #expect(ended.status == 6, "\(change.words): \(ended.err)")
                    }
                    return refused
                }
            }
            return try await group.reduce(0, +)
        }
    }

    /// Every byte with one bit flipped; a tenth of the bytes in the normal size.
    private func flips(of plan: Data, _ numbers: inout SeededNumbers) -> [Change] {
        let count = Torture.isFull ? plan.count : plan.count / 10 + 1
        return plan.indices.shuffled(using: &numbers).prefix(count).map { index in
            var bytes = plan
            let bit = UInt8.random(in: 0..<8, using: &numbers)
            bytes[index] ^= 1 << bit
            return Change(words: "byte \(index), bit \(bit) (seed \(Torture.seed))", bytes: bytes)
        }
    }

    private func cuts(of plan: Data, _ numbers: inout SeededNumbers) -> [Change] {
        (0..<(Torture.isFull ? 400 : 40)).map { _ in
            let length = Int.random(in: 0..<plan.count, using: &numbers)
            return Change(words: "cut to \(length) bytes", bytes: plan.prefix(length))
        }
    }

    /// Lines exchanged with the next that differs: keys, values and whole sections change places.
    private func swaps(of plan: Data) -> [Change] {
        let lines = String(decoding: plan, as: UTF8.self).components(separatedBy: "\n")
        let step = Torture.isFull ? 1 : 10
        return stride(from: 1, to: lines.count - 3, by: step).compactMap { index in
            guard lines[index] != lines[index + 1] else { return nil }
            var changed = lines
            changed.swapAt(index, index + 1)
            let bytes = Data(changed.joined(separator: "\n").utf8)
            return Change(words: "lines \(index + 1) and \(index + 2) exchanged", bytes: bytes)
        }
    }

    private func tails(of plan: Data, and other: Data) -> [Change] {
        [Data(" ".utf8), Data("\n".utf8), Data([0]), Data("{}".utf8), plan, other].map {
            Change(words: "\($0.count) bytes appended", bytes: plan + $0)
        }
    }
}
