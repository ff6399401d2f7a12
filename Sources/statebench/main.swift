import StrongroomState
import StrongroomModel
import Glibc
func cpu() -> Double { var r = rusage(); getrusage(Int32(RUSAGE_SELF.rawValue), &r); return Double(r.ru_utime.tv_sec + r.ru_stime.tv_sec) + Double(r.ru_utime.tv_usec + r.ru_stime.tv_usec) / 1e6 }
let start = cpu()
let state = try StateDirectory.open(at: CommandLine.arguments[1], for: .reading)
let opened = cpu()
let ids = state.groupIDs()
print("open", opened - start, "groups", ids.count)
for _ in 0..<3 {
    let before = cpu()
    var count = 0
    for id in ids { count += try state.record(of: id).group.backups.count }
    print("read", cpu() - before, count)
}
