import CloudHSM
import StrongroomModel
import StrongroomSimulator

/// SplitMix64: the same numbers from the same seed, everywhere.
struct SeededGenerator: RandomNumberGenerator {
    private var state: UInt64

    init(seed: UInt64) {
        state = seed
    }

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = state
        mixed = (mixed ^ mixed >> 30) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ mixed >> 27) &* 0x94D0_49BB_1331_11EB
        return mixed ^ mixed >> 31
    }
}

/// One thing done to a world.
enum Deed {
    case call(Call, Place)
    case pass(Duration)
    case activate(ClusterID)
    case replace(HSMID)
    case degrade(HSMID)
    case change(ClusterID)
    case fail(BackupID)
}

/// Chooses deeds by chance from what a world holds, legal or not.
struct RandomWalk {
    private var generator: SeededGenerator

    init(seed: UInt64) {
        generator = SeededGenerator(seed: seed)
    }

    mutating func number(in range: ClosedRange<Int>) -> Int {
        .random(in: range, using: &generator)
    }

    mutating func deed(in world: SimulatedWorld) -> Deed {
        let groups = world.groups.keys.sorted().compactMap { world.groups[$0]?.group }
        guard let group = groups.randomElement(using: &generator) else {
            return .call(.createCluster(.plain()), virginia)
        }
        let cluster = group.id.cluster
        let hsm = group.cluster?.hsms.randomElement(using: &generator)?.id ?? HSMID(bits: 1)
        let backup = group.backups.randomElement(using: &generator)
        let place = Place(
            account: group.id.home.account,
            region: backup?.region ?? group.id.home.region
        )
        let id = backup?.id ?? BackupID(bits: 1)
        switch number(in: 0...19) {
        case 0...4: return .pass(.milliseconds(number(in: 0...3_600_000)))
        case 5: return .pass(.milliseconds(number(in: 0...1_000_000_000)))
        case 6, 7: return claim(group)
        case 8: return .call(.createHSM(CreateHSM(cluster: cluster, zone: zoneB)), virginia)
        case 9: return .call(.deleteHSM(DeleteHSM(cluster: cluster, hsm: hsm)), virginia)
        case 10: return .call(.deleteBackup(DeleteBackup(backup: id)), place)
        case 11: return .call(.restoreBackup(RestoreBackup(backup: id)), place)
        case 12:
            let pin = ModifyBackupAttributes(backup: id, neverExpires: number(in: 0...1) == 1)
            return .call(.modifyBackupAttributes(pin), place)
        case 13: return .call(.copyBackup(CopyBackup(backup: id, to: ireland.region)), place)
        case 14: return .call(.modifyCluster(retention(of: cluster)), virginia)
        case 15: return .call(.createCluster(.plain(from: backup?.id)), virginia)
        case 16: return number(in: 0...1) == 0 ? .replace(hsm) : .degrade(hsm)
        case 17: return .change(cluster)
        case 18: return .fail(id)
        default: return .call(.deleteCluster(DeleteCluster(cluster: cluster)), virginia)
        }
    }

    /// Whatever brings an unclaimed cluster on, and otherwise a tag.
    private mutating func claim(_ group: ProtectionGroup) -> Deed {
        let id = group.id.cluster
        if group.cluster?.state == .initialized { return .activate(id) }
        if let request = group.cluster?.signingRequest {
            let claim = InitializeCluster(
                cluster: id,
                signedCertificate: SimulatedCertificate.signed(request),
                trustAnchor: SimulatedCertificate.trustAnchor
            )
            return .call(.initializeCluster(claim), virginia)
        }
        if group.cluster?.state == .uninitialized {
            return .call(.createHSM(CreateHSM(cluster: id, zone: zoneA)), virginia)
        }
        let tags = TagResource(.cluster(id), tags: ["number": "\(number(in: 0...9))"])
        return .call(.tagResource(tags), virginia)
    }

    private mutating func retention(of cluster: ClusterID) -> ModifyCluster {
        let period = RetentionPeriod(days: number(in: 7...40)) ?? .serviceDefault
        return ModifyCluster(cluster: cluster, change: .retention(period))
    }
}

/// What came of a deed.
enum Outcome: Equatable {
    case answered(Answer)
    case passed([SimulatedEvent])
    case done
    case refused(ServiceException)
    case impossible(StandInError)
    case failed(String)

    init(_ error: any Error) {
        if let refusal = error as? ServiceException {
            self = .refused(refusal)
        } else if let error = error as? StandInError {
            self = .impossible(error)
        } else {
            self = .failed("\(error)")
        }
    }
}

extension SimulatedWorld {
    /// Does a deed; a refusal is part of its outcome.
    mutating func undergo(_ deed: Deed) -> Outcome {
        do {
            switch deed {
            case .call(let call, let place): return .answered(try perform(call, at: place))
            case .pass(let span): return .passed(advance(to: now + span))
            case .activate(let id): try activate(id)
            case .replace(let id): try replaceHSM(id)
            case .degrade(let id): try degradeHSM(id)
            case .change(let id): try changeMaterial(of: id)
            case .fail(let id): try failBackup(id)
            }
            return .done
        } catch {
            return Outcome(error)
        }
    }
}

extension SimulatedService {
    /// Does a deed; what happens as time passes is not told.
    func undergo(_ deed: Deed) async -> Outcome {
        do {
            switch deed {
            case .call(let call, let place):
                return .answered(try perform(call, at: place, in: nil))
            case .pass(let span): try await wait(span)
            case .activate(let id): try activate(id)
            case .replace(let id): try replaceHSM(id)
            case .degrade(let id): try degradeHSM(id)
            case .change(let id): try changeMaterial(of: id)
            case .fail(let id): try failBackup(id)
            }
            return .done
        } catch {
            return Outcome(error)
        }
    }
}
