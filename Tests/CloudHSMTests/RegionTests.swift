import CloudHSM
import Testing

@Suite struct RegionTests {
    private static let names = [
        "af-south-1", "ap-east-1", "ap-northeast-1", "ap-northeast-2", "ap-south-1",
        "ap-southeast-1", "ca-central-1", "eu-central-1", "eu-north-1", "eu-west-1", "me-central-1",
        "sa-east-1", "us-east-1", "us-east-2", "us-gov-east-1", "us-gov-west-1", "us-west-1",
        "us-west-2",
    ]

    @Test(arguments: names)
    func aNameComesBackAsItWas(name: String) throws {
        #expect(try #require(Region(name)).description == name)
    }

    @Test func everyDirectionComesBack() throws {
        let words = ["east", "west", "north", "south", "central"]
        for first in words {
            for second in words + [""] {
                let name = "us-\(first)\(second)-9"
                #expect(try #require(Region(name)).description == name)
            }
        }
    }

    @Test(arguments: [
        "", "us-east", "us-east-", "us-east-12", "US-east-1", "us-easterly-1", "us--1",
        "usa-east-1",
        "us-east-1 ", "us-gov--1", "us-iso-east-1", "eusc-de-east-1", "us_east_1", "us-east-1a",
    ])
    func whatNoRegionIsCalledIsRefused(name: String) {
        #expect(Region(name) == nil)
    }

    @Test func regionsOrderByCountryThenGovThenDirection() {
        let regions = ["us-gov-west-1", "us-west-1", "us-east-2", "us-east-1", "eu-west-1"]
            .compactMap(Region.init)
        #expect(
            regions.sorted().map(\.description)
                == ["eu-west-1", "us-east-1", "us-east-2", "us-west-1", "us-gov-west-1"]
        )
    }

    @Test(arguments: [
        ("us-east-1", Partition.aws), ("eu-west-1", .aws), ("us-gov-west-1", .awsUSGov),
        ("cn-north-1", nil), ("eu-gov-west-1", nil),
    ])
    func aRegionBelongsToOneOfTwoPartitionsOrIsNotServed(name: String, partition: Partition?) {
        #expect(Region(name)?.partition == partition)
    }

    @Test(arguments: ["us-east-1a", "us-gov-west-1c", "eu-west-1z"])
    func aZoneIsARegionAndALetter(name: String) throws {
        let zone = try #require(AvailabilityZone(name))
        #expect(zone.description == name)
        #expect(zone.region.description == String(name.dropLast()))
    }

    @Test(arguments: ["us-east-1", "us-east-1A", "us-east-1-lax-1a", "us-east-1aa", "a", ""])
    func whatNoZoneIsCalledIsRefused(name: String) {
        #expect(AvailabilityZone(name) == nil)
    }

    @Test func zonesOrderByRegionThenLetter() {
        let zones = ["us-east-1b", "us-east-1a", "eu-west-1c"].compactMap(AvailabilityZone.init)
        #expect(
            zones.sorted().map(\.description) == ["eu-west-1c", "us-east-1a", "us-east-1b"]
        )
    }
}
