import CloudHSM

extension Chance {
    /// An answer to a call, as the service may give it in a Region.
    mutating func answer(to call: Call, in region: Region) -> Answer {
        switch call {
        case .createCluster, .modifyCluster, .deleteCluster: .cluster(cluster(in: region))
        case .describeClusters:
            .clusters(
                (0..<number(0...4)).map { _ in cluster(in: region) },
                nextToken: maybe { $0.token() }
            )
        case .initializeCluster:
            .initialization(
                state: one(of: ClusterState.known),
                message: maybe { $0.text("abc ß\"", 0...300) }
            )
        case .createHSM: .hsm(hsm(in: region))
        case .deleteHSM: .hsmID(hsm())
        case .describeBackups:
            .backups(
                (0..<number(0...6)).map { _ in listed(in: region) },
                nextToken: maybe { $0.token() }
            )
        case .modifyBackupAttributes, .deleteBackup, .restoreBackup: .backup(listed(in: region))
        case .copyBackup:
            .destinationBackup(
                DestinationBackup(
                    createdAt: moment(),
                    sourceRegion: self.region(),
                    sourceBackup: backup(),
                    sourceCluster: cluster()
                )
            )
        case .tagResource, .untagResource: .empty
        case .listTags: .tags(tags(1...50), nextToken: maybe { $0.token() })
        case .putResourcePolicy(let request):
            .resourcePolicy(request.policy, of: request.resource)
        case .getResourcePolicy: .resourcePolicy(maybe { $0.text("{}\"ß", 1...100) }, of: nil)
        case .deleteResourcePolicy(let request):
            .resourcePolicy(maybe { $0.text("{}\"ß", 1...100) }, of: request.resource)
        }
    }

    private mutating func cluster(in region: Region) -> Cluster {
        var cluster = Cluster(
            id: cluster(),
            state: one(of: ClusterState.known),
            hsmType: type(),
            subnets: zones(of: region),
            retention: coin() ? .days(number(1...999)) : .unmanaged
        )
        cluster.stateMessage = maybe { $0.text("abc ß\"", 0...300) }
        cluster.typeRollbackExpiration = maybe { $0.moment() }
        cluster.mode = maybe { $0.one(of: ClusterMode.allCases) }
        cluster.networkType = maybe { $0.one(of: NetworkType.allCases) }
        cluster.vpc = maybe { $0.hexadecimal("vpc-") }
        cluster.securityGroup = maybe { $0.hexadecimal("sg-") }
        cluster.sourceBackup = maybe { $0.backup() }
        cluster.hsms = (0..<number(0...3)).map { _ in hsm(in: region) }
        for name in ["ClusterCsr", "HsmCertificate", "ClusterCertificate"] where coin() {
            cluster.certificates[name] = text("abcXYZ019+/=\n -", 1...900)
        }
        cluster.createdAt = maybe { $0.moment() }
        cluster.tags = tags(1...20)
        return cluster
    }

    private mutating func hsm(in region: Region) -> HSM {
        HSM(
            id: hsm(),
            zone: maybe { $0.zones(of: region).keys.sorted().first } ?? nil,
            subnet: maybe { SubnetID($0.hexadecimal("subnet-")) } ?? nil,
            eni: maybe { ENIID($0.hexadecimal("eni-")) } ?? nil,
            address: maybe { $0.address() },
            address6: maybe { $0.text("0123456789abcdef:", 2...39) },
            type: maybe { $0.type() },
            state: one(of: HSMState.known),
            stateMessage: maybe { $0.text("abc ß\"", 0...40) }
        )
    }

    private mutating func listed(in region: Region) -> ListedBackup {
        let origin = maybe {
            CopyOrigin(backup: $0.backup(), region: $0.region(), copiedAt: $0.moment())
        }
        let backup = Backup(
            id: backup(),
            region: region,
            createdAt: moment(),
            state: one(of: BackupState.known),
            deletesAt: maybe { $0.moment() },
            origin: origin,
            mode: maybe { $0.one(of: ClusterMode.allCases) },
            neverExpires: coin(),
            details: BackupDetails(
                tags: tags(1...10),
                hsmType: maybe { $0.type() },
                copyNamesCluster: origin != nil && coin()
            )
        )
        return ListedBackup(cluster: cluster(), backup: backup)
    }
}
