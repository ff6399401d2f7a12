import CloudHSM
import Foundation
import StrongroomModel
import StrongroomState
import Testing

@Suite struct StateErrorTests {
    private static let owner = LockOwner(
        pid: 7,
        host: "ci-1",
        operation: "apply",
        since: Timestamp(milliseconds: 1_795_000_000_000)
    )

    private static let errors: [(error: StateError, prose: String)] = [
        (
            StateError.noDirectory(path: "state"),
            "there is no state directory at state: check the path, or create one there"
        ),
        (
            .otherService(path: "state", found: .aws, expected: .simulator),
            "state is the state of the service aws, but the fleet asks for simulator: "
                + "correct spec.service or spec.state"
        ),
        (
            .newerFormat(file: "state/FORMAT", found: 2, known: 1),
            "state/FORMAT was written by a newer Strongroom: format 2; this one reads up to 1: "
                + "update Strongroom"
        ),
        (
            .locked(path: "state", by: owner),
            "state is in use by `apply` (process 7 on ci-1, since 2026-11-18T11:06:40Z): "
                + "wait until that run is through"
        ),
        (
            .locked(path: "state", by: nil),
            "state is in use by another run: wait until that run is through"
        ),
        (
            .unsafe(path: "state", .writableByOthers(mode: 0o775)),
            "state can be written by others (mode 775): take that away with chmod go-w"
        ),
        (
            .content(file: "state/a.json", key: "Backups[17].BackupState", .missing),
            "state/a.json: Backups[17].BackupState is missing"
        ),
        (
            .content(
                file: "state/a.json",
                key: "Backups[0].ClusterId",
                .otherCluster(found: "cluster-b", expected: "cluster-a")
            ),
            "state/a.json: Backups[0].ClusterId names cluster-b, but the file belongs to cluster-a: "
                + "move the entry to its own file"
        ),
        (
            .system(operation: "write", path: "state/a.json", errno: ENOSPC),
            "cannot write state/a.json: No space left on device (errno 28)"
        ),
    ]

    @Test(arguments: errors)
    func anErrorSaysWhatIsWrongWhereAndWhatNext(error: StateError, prose: String) {
        #expect(error.description == prose)
        #expect(error.isTransient == prose.contains("in use"))
    }

    @Test func aForeignTextCannotSpeakForTheProgram() throws {
        let state = try TemporaryState()
        let text = Sample.shortText.replacing(
            "\"backup-ro5c4er4aac\"",
            with: #""x\u001b[2J\n\u202e\#(String(repeating: "y", count: 900))""#
        )
        try state.put(group: text)
        let error = #expect(throws: StateError.self) { try state.reading().record(of: Sample.id) }
        let prose = error?.description ?? ""
        #expect(!prose.unicodeScalars.contains { $0.properties.generalCategory == .control })
        #expect(!prose.unicodeScalars.contains { $0.properties.generalCategory == .format })
        #expect(prose.count < 300)
    }

    @Test func aLineageIsReadAsItIsWritten() {
        var generator = SeededGenerator(seed: 5)
        let lineage = LineageID(using: &generator)
        #expect(LineageID(lineage.description) == lineage)
        #expect(lineage != LineageID(using: &generator))
        for text in ["", "1", lineage.description.uppercased(), lineage.description + "0"] {
            #expect(LineageID(text) == nil, "\(text)")
        }
    }
}
