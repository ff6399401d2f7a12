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
            "not managed",
            desired {
                $0.subnets = nil
                $0.mode = nil
                $0.hsmType = nil
            },
            group { $0.hsmType = .hsm1Medium }
        ),
    ]
}
