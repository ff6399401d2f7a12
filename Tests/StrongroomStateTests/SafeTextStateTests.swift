import CloudHSM
import Foundation
import HostileText
import StrongroomModel
import StrongroomState
import Testing

/// What others wrote is kept with all its characters, and with none of them raw.
@Suite("Safe text in the state") struct SafeTextStateTests {
    @Test func theJournalHoldsNothingRawAndLosesNothing() async throws {
        let state = try TemporaryState()
        let texts = HostileText.all.map { $0.replacing("\0", with: "") }
        do {
            let directory = try state.writing()
            for (index, text) in texts.enumerated() {
                let intent = SampleJournal.intent(index * 2 + 1)
                try await directory.journal.begin(intent)
                let outcome = Outcome(.refused, message: text, at: TemporaryState.now)
                try await directory.journal.end(intent, outcome)
            }
            try directory.finish(at: TemporaryState.now)
        }
        for (path, data) in try files(below: state.path) {
            #expect(HostileText.faults(in: data) == [], "\(path)")
        }
        let read = try state.journal().entries.compactMap { $0.outcome?.message }
        #expect(Set(read) == Set(texts))
    }

    private func files(below root: String) throws -> [(String, Data)] {
        try FileManager.default.subpathsOfDirectory(atPath: root).compactMap { path in
            guard !path.hasSuffix("lock.owner") else { return nil }
            return FileManager.default.contents(atPath: "\(root)/\(path)").map { (path, $0) }
        }
    }
}
