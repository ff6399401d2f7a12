import Foundation
import Synchronization
import Testing

/// Whatever the bytes are, every parser ends with a value or with an error that has a place.
@Suite("Any bytes", .serialized)
struct FuzzTests {
    /// What is read, and how many inputs in a normal and in a full run.
    enum Subject: String, CaseIterable, Codable {
        case manifest, plan, state

        var count: Int {
            switch self {
            case .manifest: Size.figure(full: 12_000_000, normal: 48_000)
            case .plan: Size.figure(full: 5_000_000, normal: 20_000)
            case .state: Size.figure(full: 3_000_000, normal: 24_000)
            }
        }

        func fuzz(from seed: UInt64, telling file: String) async throws -> Tally {
            switch self {
            case .manifest: try await FuzzTests.fuzz(ManifestFuzz.self, self, seed, file)
            case .plan: try await FuzzTests.fuzz(PlanFuzz.self, self, seed, file)
            case .state: try await FuzzTests.fuzz(StateFuzz.self, self, seed, file)
            }
        }
    }

    /// What a process reports when it has read everything.
    struct Tally: Codable {
        var inputs = 0
        var faults: [String] = []
        var hangs = 0
        var memory = 0
    }

    @Test("end in a verdict, in a process that stays small")
    func everyInputEndsInAVerdict() async throws {
        var all = Tally()
        var crashes = 0
        for subject in Subject.allCases {
            let file = NSTemporaryDirectory() + "strongroom-fuzz-\(UUID().uuidString)"
            defer { try? FileManager.default.removeItem(atPath: file) }
            let seed = Size.seed
            await #expect(processExitsWith: .success, "\(subject.rawValue)") {
                [subject = subject as Subject, seed = seed as UInt64, file = file as String] in
                let tally = try await subject.fuzz(from: seed, telling: file)
                try JSONEncoder().encode(tally).write(to: URL(fileURLWithPath: file))
            }
            let data = try Data(contentsOf: URL(fileURLWithPath: file))
            guard let tally = try? JSONDecoder().decode(Tally.self, from: data) else {
                crashes += 1
                Issue.record("\(subject.rawValue): the process died near input \(data.asNumbers)")
                continue
            }
            #expect(tally.faults.prefix(5) == [], "\(subject.rawValue)")
            #expect(tally.hangs == 0, "\(subject.rawValue)")
            #expect(tally.memory < 256 * 1_024, "\(subject.rawValue)")
            all.inputs += tally.inputs
            all.faults += tally.faults
            all.hangs += tally.hangs
            all.memory = max(all.memory, tally.memory)
        }
        print(
            "torture F17 | inputs \(all.inputs) | crashes \(crashes) | hangs \(all.hangs) "
                + "| verdicts without a place \(all.faults.count) "
                + "| largest MB \(all.memory / 1_024) | seed \(Size.seed)"
        )
    }

    /// Reads so many inputs in shares, noting each one's number before it is read.
    private static func fuzz<Target: FuzzTarget>(
        _ target: Target.Type,
        _ subject: Subject,
        _ seed: UInt64,
        _ file: String
    ) async throws -> Tally {
        let mutator = Mutator(corpus: try Target.corpus())
        let note = open(file, O_WRONLY | O_CREAT | O_TRUNC, 0o600)
        guard note >= 0 else { throw POSIXError(.EIO) }
        let shares = max(1, ProcessInfo.processInfo.activeProcessorCount)
        let tallies = try await Size.inShares(shares) { share in
            var target = try Target()
            var tally = Tally()
            for number in stride(from: share, to: subject.count, by: shares) {
                var written = UInt64(number)
                pwrite(note, &written, 8, off_t(share * 8))
                var dice = Dice(seed: seed &* 1_000_003 &+ UInt64(number))
                let input = mutator.input(&dice)
                let start = processorTime()
                let fault = try target.fault(of: input)
                if processorTime() - start > .seconds(2) { tally.hangs += 1 }
                if let fault { tally.faults.append("input \(number) of seed \(seed): \(fault)") }
                tally.inputs += 1
            }
            return tally
        }
        close(note)
        var all = Tally()
        for tally in tallies {
            all.inputs += tally.inputs
            all.faults += tally.faults
            all.hangs += tally.hangs
        }
        all.memory = try largestMemory()
        return all
    }

    /// What this thread has used: other work beside it does not count.
    private static func processorTime() -> Duration {
        var time = timespec()
        clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time)
        return .seconds(time.tv_sec) + .nanoseconds(time.tv_nsec)
    }

    /// The most memory this process has had, in KiB.
    private static func largestMemory() throws -> Int {
        let status = try String(contentsOfFile: "/proc/self/status", encoding: .utf8)
        let line = status.split(separator: "\n").first { $0.hasPrefix("VmHWM:") }
        let words = line?.split(whereSeparator: \.isWhitespace) ?? []
        return words.count > 1 ? Int(words[1]) ?? .max : .max
    }
}

extension Data {
    /// The numbers the shares of a process that died were at.
    fileprivate var asNumbers: String {
        stride(from: 0, to: count - 7, by: 8).map { start in
            let number = self[(startIndex + start)..<(startIndex + start + 8)].reversed()
                .reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
            return "\(number)"
        }.joined(separator: " or ")
    }
}
