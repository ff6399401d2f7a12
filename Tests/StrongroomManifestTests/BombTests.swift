import Glibc
import StrongroomManifest
import StrongroomModel
import Testing

/// Inputs made to exhaust a machine: refused by name and place, at once.
@Suite struct BombTests {
    /// What is found, and the processor time it took: other tests run beside this one.
    private func timed(_ text: String) -> (found: [Found], duration: Duration) {
        let bytes = Array(text.utf8)
        let start = processorTime()
        let found = tree(bytes).findings.diagnostics.map(Found.init)
        return (found, processorTime() - start)
    }

    /// Far above what any refusal takes on the slowest machine, and far below what libyaml takes
    /// for input that is not refused: its nesting is quadratic.
    private let hanging = Duration.seconds(30)

    private func processorTime() -> Duration {
        var time = timespec()
        clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time)
        return .seconds(time.tv_sec) + .nanoseconds(time.tv_nsec)
    }

    private static let aliasBomb =
        "a0: &a0 [x]\n"
        + (1...9).map { level in
            let uses = Array(repeating: "*a\(level - 1)", count: 9).joined(separator: ",")
            return "a\(level): &a\(level) [\(uses)]\n"
        }.joined()

    @Test func anAliasBombIsRefusedWithoutFollowingIt() {
        let (found, duration) = timed(Self.aliasBomb)
        #expect(found.count == 10 + 9 * 9)
        #expect(
            found.prefix(3) == [
                Found("yaml-anchor", 1, 5), Found("yaml-anchor", 2, 5), Found("yaml-alias", 2, 10),
            ]
        )
        #expect(duration < hanging)
    }

    @Test(arguments: [
        ("[", Found("too-deep", 1, 65)),
        ("{a: ", Found("too-deep", 1, 257)),
    ])
    func twoHundredKilobytesOfBracketsStopAtTheLimit(bracket: String, mistake: Found) {
        let text = String(repeating: bracket, count: 200_000 / bracket.utf8.count)
        let (found, duration) = timed(text)
        #expect(found == [mistake])
        #expect(duration < hanging)
    }

    @Test func deepIndentationStopsAtTheLimit() {
        let text = (0..<100).map { String(repeating: " ", count: $0) + "a:\n" }.joined()
        #expect(timed(text).found == [Found("too-deep", 65, 65)])
    }

    @Test func sixtyFourLevelsAreAllowed() {
        let text = String(repeating: "[", count: 64) + String(repeating: "]", count: 64)
        #expect(timed(text).found == [])
    }

    @Test func aHundredThousandKeysAreRefused() {
        let (found, duration) = timed((0..<100_000).map { "k\($0): \n" }.joined())
        #expect(found == [Found("too-many-nodes", 50_000, 8)])
        #expect(duration < hanging)
    }

    @Test func aHundredThousandEqualKeysAreCutShort() {
        let (found, duration) = timed(String(repeating: "k: 1\n", count: 100_000))
        #expect(found.count == Findings.most + 1)
        #expect(found.last?.rule == "too-many-mistakes")
        #expect(duration < hanging)
    }

    @Test func aTenMegabyteTextIsRefused() {
        let (found, duration) = timed("a: " + String(repeating: "x", count: 10_000_000))
        #expect(found == [Found("file-too-large", 1, 1)])
        #expect(duration < hanging)
    }

    @Test(arguments: [
        ("a: ", "x", 65_536, [] as [Found]),
        ("b:\n  a: ", "x", 65_537, [Found("text-too-long", 2, 6)]),
        ("a: ", "é", 40_000, [Found("text-too-long", 1, 4)]),
    ])
    func oneTextHasALimit(start: String, letter: String, count: Int, mistakes: [Found]) {
        #expect(timed(start + String(repeating: letter, count: count)).found == mistakes)
    }

    @Test func aThousandDocumentsAreAllowedAndOneMoreIsNot() {
        let thousand = String(repeating: "---\na: 1\n", count: 1_000)
        #expect(timed(thousand).found == [])
        #expect(timed(thousand + "---\nb: 1\n").found == [Found("too-many-documents", 2_001, 1)])
    }

    @Test func emptyDocumentsCountAsDocuments() {
        let text = String(repeating: "---\n", count: 100_000)
        #expect(timed(text).found == [Found("too-many-documents", 1_001, 1)])
    }
}
