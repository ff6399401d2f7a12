import CloudHSM
import StrongroomModel
import Testing

@Suite struct ImmutableRuleTests {
    /// Each of these would destroy and recreate in tools that know only "desired" and "actual".
    @Test(arguments: rows) func whatIsFixedAtCreationIsShownAndNeverRecreated(_ row: Row) {
        row.check()
    }

    static let rows = [
        Row(
            "a changed subnet",
            desired { $0.subnets = at(Line.subnets, subnets([zoneA, zoneC])) },
            group(),
            notes: ["held subnets (immutable:7)"]
        ),
        Row(
            "another mode",
            desired { $0.mode = at(Line.mode, .nonFIPS) },
            group(),
            notes: ["held mode (immutable:5)"]
        ),
        Row(
            "a mode the service does not tell",
            desired { $0.mode = at(Line.mode, .nonFIPS) },
            group { $0.mode = nil }
        ),
        Row(
            "another network type",
            desired { $0.networkType = at(Line.networkType, .dualStack) },
            group(),
            notes: ["held network type (immutable:6)"]
        ),
        Row(
            "hsm1.medium in the manifest after AWS moved the cluster",
            desired { $0.hsmType = at(Line.hsmType, .hsm1Medium) },
            group(),
            notes: ["held HSM type (immutable:4)"]
        ),
        Row(
            "hsm2m.medium in the manifest of a cluster that was not moved",
            desired(),
            group { $0.hsmType = .hsm1Medium },
            notes: ["held HSM type (immutable:4)"]
        ),
        Row(
            "not managed",
            desired {
                $0.subnets = nil
                $0.mode = nil
                $0.hsmType = nil
            },
            group { $0.hsmType = .hsm1Medium }
        ),
    ]

    @Test func aTypeThatAWSMovedIsTheManifestsMistake() {
        let plan = plan(desired { $0.hsmType = at(Line.hsmType, .hsm1Medium) }, group())
        #expect(plan.texts == ["it is hsm2m.medium since AWS moved it: correct the manifest"])
    }
}
