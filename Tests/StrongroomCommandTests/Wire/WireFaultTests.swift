import Foundation
import Testing

/// The built program against the built emulator over real sockets, with a wire that fails.
@Suite("A failing wire", .serialized)
struct WireFaultTests {
    /// One call of one story that meets one fault.
    struct Case: Sendable {
        let story: WireStory
        let operation: String
        let fault: WireFault
    }

    /// How a case ended.
    private struct Ended: Sendable {
        let duplicates: Int
        let isLoss: Bool
    }

    @Test("makes no call twice that may not be, and the end is that of a calm run")
    func everyCallMeetsEveryFault() async throws {
        let cases = Self.cases()
        let ends = try await inLanes(4, cases) { one in
            let calm = try await CalmErrands.shared.end(of: one.story)
            #expect(Set(calm.effects.keys) == Set(one.story.calls), "\(one.story.rawValue)")
            let end = try await WireErrand(story: one.story).run(
                { $0.operation == one.operation && $0.number == 1 ? one.fault : nil },
                until: calm
            )
            Self.hold(
                end,
                against: calm,
                "\(one.story.rawValue): \(one.operation) \(one.fault.rawValue)"
            )
            #expect(end.faults > 0, "\(one): no call met it")
            return Ended(duplicates: Self.duplicates(end, calm), isLoss: one.fault.isPassedOn)
        }
        Torture.close(
            "F11",
            [
                ("errands", ends.count),
                ("calls", Set(cases.map(\.operation)).count),
                ("losses", ends.count(where: \.isLoss)),
                ("duplicates", ends.reduce(0) { $0 + $1.duplicates }),
            ],
            "over sockets"
        )
    }

    /// Holds what came of faults against what a calm run ends in.
    static func hold(_ end: WireErrand.End, against calm: WireErrand.End, _ what: String) {
        let talk = end.runs.map { "\($0.status)\n\($0.out)\n\($0.err)" }.joined(separator: "\n--\n")
        #expect(end.status == calm.status, "\(what)\n\(talk)")
        let difference = end.rest.difference(from: calm.rest)
        #expect(difference.isEmpty, "\(what)\n\(talk)")
        #expect(end.trapped == 0, "\(what): a redirect was followed")
        for operation in WireErrand.unrepeatable + ["DeleteBackup", "DeleteHsm"] {
            let (count, expected) = (end.effects[operation] ?? 0, calm.effects[operation] ?? 0)
            #expect(count == expected, "\(what): \(operation)\n\(talk)")
        }
    }

    /// How many things were made that a calm run does not make.
    static func duplicates(_ end: WireErrand.End, _ calm: WireErrand.End) -> Int {
        WireErrand.unrepeatable.reduce(0) { sum, operation in
            sum + max((end.effects[operation] ?? 0) - (calm.effects[operation] ?? 0), 0)
        }
    }

    /// Every call of every story with every fault; in the size of every day so many that each call
    /// and each fault is among them.
    private static func cases() -> [Case] {
        let calls = WireStory.told.flatMap { story in
            story.calls.map { (story: story, operation: $0) }
        }
        guard !Torture.isFull else {
            return calls.flatMap { call in
                WireFault.visible.map { fault in
                    Case(story: call.story, operation: call.operation, fault: fault)
                }
            }
        }
        var numbers = SeededNumbers(seed: Torture.seed)
        let operations = Set(calls.map(\.operation)).sorted().shuffled(using: &numbers)
        return WireFault.quick.enumerated().compactMap { index, fault in
            let operation = operations[index % operations.count]
            return calls.filter { $0.operation == operation }.randomElement(using: &numbers)
                .map { Case(story: $0.story, operation: operation, fault: fault) }
        }
    }
}
