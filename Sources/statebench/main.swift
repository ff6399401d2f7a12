import StrongroomState
import StrongroomModel
import CloudHSM
import Glibc
// statebench save PATH VALUE | read PATH
let args = CommandLine.arguments
let id = GroupID(
    home: Place(account: AccountID("111122223333")!, region: Region("us-east-1")!),
    cluster: ClusterID("cluster-aaaaaaaaaaa")!
)
do {
    switch args[1] {
    case "init":
        try StateDirectory.create(
            at: args[2],
            service: .simulator,
            lineage: LineageID("00000000-0000-0000-0000-000000000001")!
        )
    case "save":
        let d = try StateDirectory.open(
            at: args[2],
            for: .writing(LockRequest(for: "save", since: Timestamp(milliseconds: 0)))
        )
        print("OPEN"); fflush(nil)
        try d.save(
            GroupRecord(group: ProtectionGroup(id: id, cluster: nil), simulator: .string(args[3]))
        )
        let i = Intent(
            id: args[4],
            name: nil,
            group: nil,
            place: id.home,
            operation: "x",
            target: "x",
            step: StepID(1),
            rule: "r",
            writtenAt: Timestamp(milliseconds: 0)
        )
        try await d.journal.begin(i)
        print("ACK"); fflush(nil)
    default:
        let d = try StateDirectory.open(at: args[2], for: .reading)
        let v = d.groupIDs().isEmpty ? nil : try d.record(of: id).simulator
        print(
            v.map { "\($0)" } ?? "none",
            try d.journal.entries().map(\.intent.id).joined(separator: ","),
            d.findings
        )
    }
} catch { print("ERROR", error); exit(1) }
