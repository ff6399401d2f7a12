internal import CloudHSM
internal import StrongroomModel

extension DesiredCluster {
    /// Everything the manifest asks for, aspect by aspect; what it does not manage is not there.
    var aspects: [Aspect] {
        [presenceAspect, initializationAspect]
            + [hsmAspect, typeAspect, tagAspect, retentionAspect, freshnessAspect, purgeAspect]
            .compactMap(\.self)
            + fixedAspects + copies.flatMap(\.aspects) + recoveryPoints.map(\.aspect)
    }

    private var presenceAspect: Aspect {
        let wanted =
            switch ensure.value {
            case .present: "present"
            case .absent(_, let finalBackup): "absent, final backup \(finalBackup.rawValue)"
            }
        return Aspect(
            ["presence", "deletion", "delete-cluster"],
            "presence",
            wanted: wanted,
            at: [ensure.location]
        )
    }

    private var initializationAspect: Aspect {
        let wanted = initialization.map { "\($0.value.certificate.path)" } ?? "by hand"
        return Aspect(
            ["initialization"],
            "initialization",
            wanted: wanted,
            at: [initialization?.location]
        )
    }

    private var hsmAspect: Aspect? {
        hsms.map { hsms in
            let counts =
                switch hsms.value {
                case .total(let count): "\(count)"
                case .perZone(let counts):
                    counts.sorted { $0.key < $1.key }.map { "\($0.key)=\($0.value)" }
                        .joined(separator: ",")
                }
            let source = resumeFrom.map { ", resumed from \($0.value)" } ?? ""
            return Aspect(
                ["hsm-count", "parking", "resume", "rebalance", "degraded"],
                "hsm-count",
                wanted: counts + source,
                at: [hsms.location, resumeFrom?.location]
            )
        }
    }

    private var typeAspect: Aspect? {
        hsmType.map {
            Aspect(["hsm-type"], "hsm-type", wanted: "\($0.value)", at: [$0.location])
        }
    }

    private var tagAspect: Aspect? {
        tags.map { tags in
            let list = tags.value.sorted { $0.key < $1.key }.map { "\($0.key)=\($0.value)" }
            let digest = Digest.of(list.joined(separator: "\n"))
            return Aspect(
                ["tags"],
                "tags",
                wanted: "\(list.count) tags \(digest)",
                at: [tags.location]
            )
        }
    }

    private var retentionAspect: Aspect? {
        backups.retention.map {
            Aspect(["retention"], "retention", wanted: "\($0.value.days)", at: [$0.location])
        }
    }

    private var freshnessAspect: Aspect? {
        backups.maxAge.map {
            Aspect(
                ["freshness"],
                "freshness",
                wanted: "\($0.value.inRecord) \(backups.whenStale.rawValue)",
                at: [$0.location]
            )
        }
    }

    private var purgeAspect: Aspect? {
        purge.map { purge in
            let pinned = purge.value.includePinned ? ", pinned ones too" : ""
            return Aspect(
                ["purge"],
                "purge",
                wanted: "\(purge.value.materialRemovedAt)\(pinned)",
                at: [purge.location]
            )
        }
    }

    /// What is fixed at creation; an edit of it is held for ever.
    private var fixedAspects: [Aspect] {
        let all = [
            (
                "subnets",
                subnets.map { subnets in
                    subnets.value.sorted { $0.key < $1.key }
                        .map { "\($0.key)=\($0.value)" }.joined(separator: ",")
                }, subnets?.location
            ),
            ("mode", mode?.value.rawValue, mode?.location),
            ("network type", networkType?.value.rawValue, networkType?.location),
            ("HSM type", hsmType?.value.description, hsmType?.location),
            (
                "source",
                restoreFrom.map { "\($0.value.cluster) \($0.value.recoveryPoint ?? "newest")" },
                restoreFrom?.location
            ),
        ]
        return all.compactMap { name, wanted, location in
            wanted.map {
                Aspect(["immutable"], "immutable \(name)", wanted: $0, at: [location])
            }
        }
    }
}

extension DesiredCopies {
    fileprivate var aspects: [Aspect] {
        let copy = Aspect(
            ["copy"],
            "copy \(region.value)",
            wanted: maxAge?.value.inRecord ?? "any age",
            at: [maxAge?.location, region.location],
            region: region.value
        )
        let cleanup = retentionDays.map { days in
            Aspect(
                ["copy-cleanup"],
                "copy-cleanup \(region.value)",
                wanted: "\(days.value) days, keep \(floor)",
                at: [days.location],
                region: region.value
            )
        }
        return [copy] + (cleanup.map { [$0] } ?? [])
    }
}

extension DesiredRecoveryPoint {
    fileprivate var aspect: Aspect {
        let which =
            switch selector {
            case .backup(let id): "\(id)"
            case .takenBefore(let moment): "before \(moment)"
            case .takenAfter(let moment): "after \(moment)"
            case .newest: "newest"
            }
        let places = regions.map(\.value).sorted().map(\.description).joined(separator: ",")
        return Aspect(
            ["recovery-point"],
            "recovery-point \(name.value)",
            wanted: places.isEmpty ? which : "\(which) in \(places)",
            at: [name.location] + regions.map(\.location)
        )
    }
}

extension Duration {
    fileprivate var inRecord: String { "\(components.seconds) s" }
}

/// A short name for a text that would be too long to keep (FNV-1a, 64 bits): tells an edit from
/// none, and guards nothing.
private enum Digest {
    static func of(_ text: String) -> String {
        let hash = text.utf8.reduce(0xcbf2_9ce4_8422_2325 as UInt64) { hash, byte in
            (hash ^ UInt64(byte)) &* 0x100_0000_01b3
        }
        let digits = String(hash, radix: 16)
        return String(repeating: "0", count: 16 - digits.count) + digits
    }
}
