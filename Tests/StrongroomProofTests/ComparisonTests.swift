import CloudHSM
import StrongroomModel
import StrongroomProof
import Testing

/// The prover against brute force over all orders, outcomes and stopping points.
@Suite struct ComparisonTests {
    @Test(arguments: 0..<20) func proofAndBruteForceAgreeAboutBackups(_ batch: Int) {
        compare(batch: batch, count: 940, salt: 1) { $0.backupCase() }
    }

    @Test(arguments: 0..<10) func proofAndBruteForceAgreeAboutHSMs(_ batch: Int) {
        compare(batch: batch, count: 200, salt: 2) { $0.hsmCase() }
    }

    private func compare(
        batch: Int,
        count: Int,
        salt: UInt64,
        _ make: (inout Dice) -> Case
    ) {
        var safe = 0
        var unsafe = 0
        for number in 0..<count {
            let seed = salt * 1_000_000 + UInt64(batch * count + number)
            var dice = Dice(seed: seed)
            let given = make(&dice)
            let proof = given.proof
            var breach = given.staticBreach
            if breach == nil {
                let explorer = Explorer(SmallWorld(given))
                guard explorer.isThrough else { continue }
                breach = explorer.breach
            }
            if breach == nil { safe += 1 } else { unsafe += 1 }
            let finding = proof.findings.first.map { "\($0.promise): \($0.text)" }
            #expect(
                proof.holds == (breach == nil),
                "seed \(seed): proof \(finding ?? "holds"); brute force \(breach ?? "holds")"
            )
        }
        #expect((safe + unsafe) * 100 >= count * 98, "too many plans were too large to explore")
        #expect(safe * 5 >= safe + unsafe, "too few safe plans: \(safe)")
        #expect(unsafe * 5 >= safe + unsafe, "too few unsafe plans: \(unsafe)")
    }
}
