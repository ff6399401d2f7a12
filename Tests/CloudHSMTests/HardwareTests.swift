import CloudHSM
import Testing

/// Fact sheet, sections 11 and 15.
@Suite struct HardwareTests {
    @Test(arguments: ["hsm1.medium", "hsm2m.medium", "phsm1.x", "hsm9a.b.large"])
    func aTypeComesBackAsItWas(text: String) {
        #expect(HSMType(text)?.description == text)
    }

    @Test(arguments: [
        "", "hsm", "hsm1", "hsm.medium", "hsm1.", "hsm1medium", "hsm1.Medium", "qhsm1.medium",
        "hsm1.medium1", "hsm1.aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa",
    ])
    func whatIsNoTypeIsRefused(text: String) {
        #expect(HSMType(text) == nil)
    }

    static let fits: [(HSMType, ClusterMode, NetworkType, Bool)] = [
        (.hsm1Medium, .fips, .ipv4, false),
        (.hsm2mMedium, .fips, .ipv4, true),
        (.hsm2mMedium, .nonFIPS, .ipv4, true),
        (.hsm2mMedium, .fips, .dualStack, true),
        (.hsm2mMedium, .nonFIPS, .dualStack, true),
        (value("hsm3x.large"), .fips, .ipv4, false),
    ]

    @Test(arguments: fits)
    func newClustersAreOfTheNewTypeInAnyMode(
        type: HSMType,
        mode: ClusterMode,
        network: NetworkType,
        isAccepted: Bool
    ) {
        let refusal = HardwareFit.refusal(type: type, mode: mode, network: network)
        #expect(refusal?.kind == (isAccepted ? nil : .invalidRequest))
    }

    @Test func theOldTypeHasOneModeNoIPv6AndAnEnd() {
        #expect(HSMType.hsm1Medium.modes == [.fips])
        #expect(!HSMType.hsm1Medium.supportsDualStack)
        #expect(HSMType.hsm1Medium.endOfSupport?.description == "2026-03-31T00:00:00Z")
        #expect(HSMType.hsm2mMedium.modes == [.fips, .nonFIPS])
        #expect(HSMType.hsm2mMedium.supportsDualStack)
        #expect(HSMType.hsm2mMedium.endOfSupport == nil)
        #expect(HSMType.hsm1Medium.capacity?.keys == 3_300)
        #expect(HSMType.hsm2mMedium.capacity?.users == 1_024)
    }

    @Test func backupsGoToTheSameTypeOrFromTheOldToTheNew() {
        #expect(HSMType.hsm1Medium.restores(on: .hsm1Medium))
        #expect(HSMType.hsm1Medium.restores(on: .hsm2mMedium))
        #expect(HSMType.hsm2mMedium.restores(on: .hsm2mMedium))
        #expect(!HSMType.hsm2mMedium.restores(on: .hsm1Medium))
    }

    @Test(arguments: [
        ("subnet-0a1b2c3d", true), ("subnet-0a1b2c3d4e5f60718", true), ("subnet-0a1b2c3", false),
        ("subnet-0A1B2C3D", false), ("subnet-0a1b2c3d4e5f607180", false), ("eni-0a1b2c3d", false),
    ])
    func aSubnetHasEightToSeventeenDigits(text: String, isOne: Bool) {
        #expect((SubnetID(text) != nil) == isOne)
    }

    @Test(arguments: [
        ("000000000000", true), ("111122223333", true), ("11112222333", false),
        ("1111222233334", false), ("11112222333a", false),
    ])
    func anAccountHasTwelveDigits(text: String, isOne: Bool) {
        #expect(AccountID(text)?.description == (isOne ? text : nil))
    }
}
