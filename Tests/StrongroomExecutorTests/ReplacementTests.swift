import CloudHSM
import StrongroomModel
import Testing

/// The interface tells which HSM is which: the service replaces hardware under a new id.
@Suite struct ReplacementTests {
    /// HSMs that are listed, and whether the one to be removed, 1 on interface 1, is seen to be gone.
    struct Listing: Sendable, CustomTestStringConvertible {
        let testDescription: String
        let hsms: [HSM]
        let isGone: Bool
        let isReplaced: Bool
    }

    static let listings = [
        Listing(
            testDescription: "as it was",
            hsms: [one, other],
            isGone: false,
            isReplaced: false
        ),
        Listing(testDescription: "not listed", hsms: [other], isGone: true, isReplaced: false),
        Listing(
            testDescription: "another id on its interface",
            hsms: [on(interface, hsm(3, zoneA)), other],
            isGone: false,
            isReplaced: true
        ),
        Listing(
            testDescription: "its id on another interface",
            hsms: [on(ENIID("eni-00000009"), one), other],
            isGone: false,
            isReplaced: true
        ),
        Listing(
            testDescription: "its id without an interface",
            hsms: [on(nil, one), other],
            isGone: false,
            isReplaced: true
        ),
        Listing(
            testDescription: "not listed, beside one without an interface",
            hsms: [on(nil, hsm(3, zoneA)), other],
            isGone: false,
            isReplaced: true
        ),
    ]

    private static let interface = ENIID("eni-00000001")
    private static let one = on(interface, hsm(1, zoneA))
    private static let other = on(ENIID("eni-00000002"), hsm(2, zoneB))

    private static func on(_ interface: ENIID?, _ hsm: HSM) -> HSM {
        var hsm = hsm
        hsm.eni = interface
        return hsm
    }

    @Test(arguments: listings)
    func anHSMIsGoneOnlyWhereNothingCanStandInItsPlace(_ listing: Listing) throws {
        let group = StrongroomExecutorTests.group(hsms: listing.hsms)
        let interface = try #require(Self.interface)
        let fact = Fact.hsmGone(.known(hsmID(1)), from: interface)
        #expect(fact.holds(in: group, bindings: Bindings()) == listing.isGone)
        let replacement = group.livingCluster?.replacement(of: hsmID(1), on: interface)
        #expect((replacement != nil) == listing.isReplaced, "\(replacement ?? "")")
    }
}
