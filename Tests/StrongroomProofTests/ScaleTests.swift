import CloudHSM
import StrongroomModel
import StrongroomProof
import Testing

/// A hundred thousand steps are read in one go; the times are printed, and no clock is asserted.
@Suite struct ScaleTests {
    @Test func hundredThousandStepsOverTenThousandClustersAreProved() {
        let clusters = (0..<10_000).map { number in
            desired("cluster-\(number)") {
                $0.copies = [copies(in: ireland, keeping: 2, for: 30)]
            }
        }
        let worlds = (0..<10_000).map { number in
            group(
                number,
                name: "cluster-\(number)",
                backups: [own(number * 100, age: 1)]
                    + (0..<9).map { copy(number * 100 + 10 + $0, of: 99, age: 40 + $0) }
                    + [
                        copy(number * 100 + 30, of: 98, age: 5),
                        copy(number * 100 + 31, of: 97, age: 6),
                    ]
            )
        }
        let plans = worlds.enumerated().map { number, world in
            plan(
                [RealPlans.copying(1, number * 100, to: ireland)]
                    + world.backups[1...9].enumerated().map {
                        RealPlans.deleting($0 + 2, $1, floor: 2, after: [1])
                    },
                of: world,
                name: "cluster-\(number)"
            )
        }
        let clock = ContinuousClock()
        let prover = Prover(fleet: fleet(clusters), context: PlanContext(now: now))
        var proof: Proof?
        let proving = clock.measure {
            proof = prover.conclude(zip(plans, worlds).map { prover.check($0, of: $1) })
        }
        var hasher = Hasher()
        let hashing = clock.measure { for plan in plans { plan.hash(into: &hasher) } }
        print("100 000 steps: proved in \(proving), hashed in \(hashing)")
        #expect(proof?.holds == true)
        #expect(proof?.stepCount == 100_000)
        #expect(hasher.finalize() != 0)
    }
}
