import CloudHSM
import StrongroomModel
import StrongroomSimulator
import Testing

/// Fact sheet, section 17.
@Suite struct ListingTests {
    private func clusters(
        _ world: inout SimulatedWorld,
        _ call: DescribeClusters
    ) throws -> ([Cluster], String?) {
        guard
            case .clusters(let page, let token) = try world.perform(
                .describeClusters(call),
                at: virginia
            )
        else { preconditionFailure("DescribeClusters answers with clusters") }
        return (page, token)
    }

    private func backups(
        _ world: inout SimulatedWorld,
        _ call: DescribeBackups,
        at place: Place = virginia
    ) throws -> ([ListedBackup], String?) {
        guard
            case .backups(let page, let token) = try world.perform(
                .describeBackups(call),
                at: place
            )
        else { preconditionFailure("DescribeBackups answers with backups") }
        return (page, token)
    }

    private static let sixty = (1...60).map {
        Adopted.backup(UInt64($0), age: .hours(61 - $0), neverExpires: $0 % 10 == 0)
    }

    @Test(arguments: [1, 7, 25, nil])
    func pagesOfClustersAddUpToAllOfThem(size: Int?) throws {
        var world = SimulatedWorld(beginningAt: morning, settings: .calm)
        for number in 0..<53 {
            let request = CreateCluster.plain(tags: ["number": "\(number)"])
            _ = try world.perform(.createCluster(request), at: virginia)
        }
        _ = try world.perform(.createCluster(.plain(in: ireland.region)), at: ireland)
        var seen: [ClusterID] = []
        var token: String?
        repeat {
            let call = DescribeClusters(maxResults: size, nextToken: token)
            let (page, next) = try clusters(&world, call)
            #expect(page.count <= size ?? DescribeClusters.largestPage)
            seen += page.map(\.id)
            token = next
        } while token != nil
        #expect(seen.count == 53)
        #expect(Set(seen).count == 53)
    }

    @Test(arguments: [true, false, nil])
    func pagesOfBackupsAddUpInTheOrderAskedFor(ascending: Bool?) throws {
        var world = SimulatedWorld(beginningAt: morning, settings: .calm)
        world.adopt(Adopted.group(backups: Self.sixty))
        var seen: [Timestamp] = []
        var token: String?
        repeat {
            let call = DescribeBackups(maxResults: 7, nextToken: token, sortAscending: ascending)
            let (page, next) = try backups(&world, call)
            seen += page.map(\.backup.createdAt)
            token = next
        } while token != nil
        #expect(Set(seen).count == 60)
        if ascending == true { #expect(seen == seen.sorted()) }
        if ascending == false { #expect(seen == seen.sorted(by: >)) }
    }

    @Test func whatComesBetweenTwoPagesNeitherHidesNorRepeatsAnother() throws {
        var world = SimulatedWorld(beginningAt: morning, settings: .calm)
        world.adopt(Adopted.group(hsms: 1, backups: Self.sixty))
        let (first, token) = try backups(
            &world,
            DescribeBackups(maxResults: 30, sortAscending: true)
        )
        world.advance(to: morning + .days(1))
        let (second, end) = try backups(
            &world,
            DescribeBackups(maxResults: 50, nextToken: token, sortAscending: true)
        )
        #expect(end == nil)
        let ids = Set((first + second).map(\.backup.id))
        #expect(ids.isSuperset(of: Self.sixty.map(\.id)))
        #expect(ids.count == first.count + second.count)
    }

    @Test func filtersAreAndedAndTheirValuesOred() throws {
        var stage = Stage(adopting: Adopted.group(backups: Self.sixty))
        try stage.call(.copyBackup(CopyBackup(backup: Self.sixty[0].id, to: ireland.region)))
        try stage.call(.deleteBackup(DeleteBackup(backup: Self.sixty[9].id)))
        func count(
            _ filters: [DescribeBackups.Filter: [String]],
            at place: Place = virginia
        ) throws -> Int {
            try backups(&stage.world, DescribeBackups(filters: filters), at: place).0.count
        }
        let ids = Self.sixty.prefix(3).map(\.id.description)
        #expect(try count([.backupIds: ids]) == 3)
        #expect(try count([.backupIds: ids, .states: ["READY"]]) == 3)
        #expect(try count([.states: ["PENDING_DELETION"]]) == 1)
        #expect(try count([.states: ["PENDING_DELETION", "DELETED"]]) == 1)
        #expect(try count([.neverExpires: ["True"]]) == 6)
        #expect(try count([.neverExpires: ["True"], .states: ["READY"]]) == 5)
        #expect(try count([.clusterIds: [Adopted.cluster.description]]) == 50)
        #expect(try count([.backupIds: ["backup-aaaaaaaaaaa"]]) == 0)
        #expect(try count([.sourceBackupIds: [ids[0]]], at: ireland) == 1)
        #expect(try count([.clusterIds: [Adopted.cluster.description]], at: ireland) == 0)
    }

    @Test func clustersAreFilteredByIdVPCAndState() throws {
        var stage = try Stage()
        let vpc = try #require(stage.group.cluster?.vpc)
        func count(_ filters: [DescribeClusters.Filter: [String]]) throws -> Int {
            try clusters(&stage.world, DescribeClusters(filters: filters)).0.count
        }
        #expect(try count([:]) == 1)
        #expect(try count([.clusterIds: [stage.cluster.description]]) == 1)
        #expect(try count([.clusterIds: ["cluster-aaaaaaaaaaa"]]) == 0)
        #expect(try count([.vpcIds: [vpc]]) == 1)
        #expect(try count([.states: ["ACTIVE"]]) == 0)
        #expect(try count([.states: ["ACTIVE", "CREATE_IN_PROGRESS"]]) == 1)
    }

    @Test func nothingIsSharedWithAnybody() throws {
        var stage = Stage(adopting: Adopted.group(backups: Self.sixty))
        let (shared, _) = try backups(&stage.world, DescribeBackups(listsShared: true))
        #expect(shared.isEmpty)
    }

    @Test(arguments: [
        Call.describeClusters(DescribeClusters(maxResults: 0)),
        .describeClusters(DescribeClusters(maxResults: 26)),
        .describeClusters(DescribeClusters(nextToken: "nonsense")),
        .describeClusters(DescribeClusters(nextToken: "backups/1+backup-aaaaaaaaaaa")),
        .describeBackups(DescribeBackups(maxResults: 51)),
        .describeBackups(DescribeBackups(nextToken: "oldest/")),
        .describeBackups(DescribeBackups(nextToken: String(repeating: "x", count: 257))),
        .listTags(ListTags(.cluster(Adopted.cluster), maxResults: 101)),
        .listTags(ListTags(.cluster(Adopted.cluster), nextToken: "tags/many")),
    ])
    func pagesOutOfBoundsAndForeignTokensAreRefused(call: Call) {
        var stage = Stage(adopting: Adopted.group())
        #expect(stage.refusal(of: call) == .invalidRequest)
    }

    @Test func anAccountListsOnlyItsOwn() throws {
        var stage = Stage(adopting: Adopted.group(backups: Self.sixty))
        let stranger = Place(account: value("999999999999"), region: virginia.region)
        let (listed, _) = try backups(&stage.world, DescribeBackups(), at: stranger)
        #expect(listed.isEmpty)
    }
}
