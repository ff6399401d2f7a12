import CloudHSM

extension Chance {
    /// Calls of every operation, each so many times.
    mutating func calls(each count: Int) -> [Call] {
        (0..<count).flatMap { _ in
            [
                .createCluster(createCluster()), .describeClusters(describeClusters()),
                .initializeCluster(initialization()),
                .modifyCluster(ModifyCluster(cluster: cluster(), change: change())),
                .deleteCluster(DeleteCluster(cluster: cluster())), createHSM(),
                .deleteHSM(DeleteHSM(cluster: cluster(), target: target())),
                .describeBackups(describeBackups()),
                .modifyBackupAttributes(
                    ModifyBackupAttributes(backup: backup(), neverExpires: coin())
                ),
                .deleteBackup(DeleteBackup(backup: backup())),
                .restoreBackup(RestoreBackup(backup: backup())),
                .copyBackup(
                    CopyBackup(backup: backup(), to: region(), tags: maybe { $0.tags(1...50) })
                ),
                .tagResource(TagResource(resource(), tags: tags(1...50))),
                .untagResource(UntagResource(resource(), keys: tags(1...50).keys.sorted())),
                .listTags(
                    ListTags(
                        resource(),
                        maxResults: maybe { $0.number(1...100) },
                        nextToken: maybe { $0.token() }
                    )
                ),
            ] + policyCalls()
        }
    }

    private mutating func policyCalls() -> [Call] {
        guard let arn = arn() else { return [] }
        let policy = text("{}\"\\:/ \nabcß日", 1...20_000)
        return [
            .putResourcePolicy(PutResourcePolicy(arn, policy: policy)),
            .getResourcePolicy(GetResourcePolicy(arn)),
            .deleteResourcePolicy(DeleteResourcePolicy(arn)),
        ]
    }

    mutating func arn() -> ResourceARN? {
        let resource = one(
            of: [
                ResourceARN.Resource.backup(backup()), .cluster(cluster()), .hsm(hsm()),
            ]
        )
        return account().map { ResourceARN(resource, account: $0, region: region()) }
    }

    mutating func zones(of region: Region) -> [AvailabilityZone: SubnetID] {
        var subnets: [AvailabilityZone: SubnetID] = [:]
        for letter in "abcdefghij".prefix(number(1...10)) {
            guard let zone = AvailabilityZone("\(region)\(letter)") else { continue }
            subnets[zone] = SubnetID(hexadecimal("subnet-"))
        }
        return subnets
    }

    private mutating func createCluster() -> CreateCluster {
        let region = region()
        return CreateCluster(
            hsmType: type(),
            subnets: zones(of: region),
            mode: one(of: ClusterMode.allCases),
            networkType: one(of: NetworkType.allCases),
            retention: RetentionPeriod(days: number(7...379)) ?? .serviceDefault,
            sourceBackup: maybe { $0.backup() },
            tags: tags(0...50)
        )
    }

    private mutating func describeClusters() -> DescribeClusters {
        var filters: [DescribeClusters.Filter: [String]] = [:]
        for filter in DescribeClusters.Filter.allCases where coin() {
            filters[filter] = (0..<number(1...3)).map { _ in text("abc-ß\"", 1...20) }
        }
        return DescribeClusters(
            filters: filters,
            maxResults: maybe { $0.number(1...25) },
            nextToken: maybe { $0.token() }
        )
    }

    private mutating func describeBackups() -> DescribeBackups {
        var filters: [DescribeBackups.Filter: [String]] = [:]
        for filter in DescribeBackups.Filter.allCases where coin() {
            filters[filter] = (0..<number(1...3)).map { _ in text("abc-ß\"", 1...20) }
        }
        return DescribeBackups(
            filters: filters,
            maxResults: maybe { $0.number(1...50) },
            nextToken: maybe { $0.token() },
            sortAscending: maybe { $0.coin() },
            listsShared: coin()
        )
    }

    private mutating func initialization() -> InitializeCluster {
        let letters = "abcXYZ019+/=\n -"
        return InitializeCluster(
            cluster: cluster(),
            signedCertificate: text(letters, 1...5_000),
            trustAnchor: text(letters, 1...20_000)
        )
    }

    private mutating func change() -> ModifyCluster.Change {
        coin()
            ? .hsmType(type())
            : .retention(RetentionPeriod(days: number(7...379)) ?? .serviceDefault)
    }

    private mutating func createHSM() -> Call {
        let zone = zones(of: region()).keys.min() ?? zones(of: region()).keys.sorted()[0]
        return .createHSM(
            CreateHSM(cluster: cluster(), zone: zone, address: maybe { $0.address() })
        )
    }

    private mutating func target() -> DeleteHSM.Target {
        let interface = ENIID(hexadecimal("eni-")).map(DeleteHSM.Target.interface)
        return one(of: [.id(hsm()), interface ?? .id(hsm()), .address(address())])
    }

    private mutating func resource() -> TaggedResource {
        coin() ? .cluster(cluster()) : .backup(backup())
    }

    mutating func token() -> String { text("abcXYZ019+/=ß", 0...256) }
}
