import CloudHSM
import StrongroomModel

/// Plans as the planner makes them, one for every kind of work on backups and HSMs.
enum RealPlans {
    static let all: [(name: String, given: Case)] = [
        ("copies renewed", copiesRenewed), ("retention shortened", retentionShortened),
        ("purge", purge), ("forced backup", forcedBackup), ("parking", parking),
        ("deletion", deletion), ("restored and pinned", restored),
    ]

    /// A new copy, and then the old ones go.
    static var copiesRenewed: Case {
        let wanted = desired { $0.copies = [copies(in: ireland, keeping: 1, for: 30)] }
        let world = group(
            backups: [
                own(1, age: 1), own(2, age: 40), copy(11, of: 2, age: 40), copy(12, of: 3, age: 60),
            ]
        )
        return Case(
            desired: wanted,
            group: world,
            steps: [
                copying(1, 1, to: ireland),
                deleting(2, world.backups[2], floor: 1, after: [1]),
                deleting(3, world.backups[3], floor: 1, after: [1]),
            ]
        )
    }

    /// A recovery point is pinned before a shorter policy could reach it.
    static var retentionShortened: Case {
        let wanted = desired {
            $0.backups.retention = at(days(30))
            $0.backups.keepAtLeast = at(2)
            $0.recoveryPoints = [point("kept", .backup(backupID(3)))]
        }
        let world = group(
            backups: [own(1, age: 1), own(2, age: 10), own(3, age: 50), own(4, age: 60)]
        )
        let horizon = now - .days(30)
        return Case(
            desired: wanted,
            group: world,
            steps: [
                step(
                    1,
                    .pinBackup(.known(backupID(3))),
                    when: [.backupReady(.known(backupID(3)))],
                    until: .backupPinned(.known(backupID(3)))
                ),
                step(
                    2,
                    .setRetention(from: .days(90), to: days(30), losing: [backupID(4)]),
                    when: [
                        .clusterState(.active), .retention(.days(90)),
                        .readyContent(
                            in: home,
                            since: Timestamp(milliseconds: horizon.milliseconds + 1),
                            atLeast: 2
                        ),
                    ],
                    until: .retention(.days(30)),
                    after: [1]
                ),
            ]
        )
    }

    /// Dirty backups go everywhere, the last of a Region that is not asked for included.
    static var purge: Case {
        let removedAt = now - .days(5)
        let wanted = desired {
            $0.purge = at(DesiredPurge(materialRemovedAt: removedAt, reason: "old keys"))
            $0.copies = [copies(in: ireland)]
        }
        let world = group(
            backups: [
                own(1, age: 1), own(2, age: 8), copy(11, of: 2, age: 8),
                copy(12, of: 2, age: 8, in: tokyo),
            ]
        )
        let clean = Fact.readyContent(in: home, since: removedAt + .minutes(1), atLeast: 1)
        return Case(
            desired: wanted,
            group: world,
            steps: [
                copying(1, 1, to: ireland),
                deleting(2, world.backups[1], floor: 1, and: [clean], after: [1]),
                deleting(3, world.backups[2], floor: 1, and: [clean], after: [1]),
                step(
                    4,
                    .deleteBackup(backupID(12), in: tokyo, createdAt: now - .days(8)),
                    when: [.backupReady(.known(backupID(12))), clean],
                    until: .backupGone(backupID(12)),
                    after: [1]
                ),
            ]
        )
    }

    /// One HSM more for its backup, and then that one goes.
    static var forcedBackup: Case {
        let world = group(backups: [own(1, age: 3)])
        return Case(
            desired: desired { $0.hsms = at(.total(2)) },
            group: world,
            steps: [
                step(
                    1,
                    .addHSM(zone: zones[2], causesBackup: true),
                    when: [.clusterState(.active), .hsmsSettled, .presentHSMs(2)],
                    until: .healthyHSMs(in: zones[2], atLeast: 1)
                ),
                step(
                    2,
                    .removeHSM(.added(by: StepID(1)), zone: zones[2], causesBackup: true),
                    when: [
                        .clusterState(.active), .hsmsSettled, .freshBackup(causedBy: StepID(1)),
                        .healthyHSMsApart(from: .added(by: StepID(1)), atLeast: 2),
                    ],
                    until: .hsmGone(.added(by: StepID(1))),
                    after: [1]
                ),
            ]
        )
    }

    static var parking: Case {
        let world = group(backups: [own(1, age: 1)])
        return Case(desired: desired { $0.hsms = at(.total(0)) }, group: world, steps: emptying)
    }

    static var deletion: Case {
        let world = group(backups: [own(1, age: 1)])
        let kept = BackupReference.caused(by: StepID(2))
        return Case(
            desired: desired {
                $0.ensure = at(.absent(reason: "not needed", finalBackup: .keep))
            },
            group: world,
            steps: emptying + [
                step(
                    3,
                    .pinBackup(kept),
                    when: [.backupReady(kept)],
                    until: .backupPinned(kept),
                    after: [2]
                ),
                step(
                    4,
                    .deleteCluster(clusterID(1)),
                    when: [.noHSMsListed, .backupPinned(kept)],
                    until: .clusterGone,
                    after: [3]
                ),
            ]
        )
    }

    static var restored: Case {
        let id = backupID(2)
        let world = group(backups: [own(1, age: 1), own(2, age: 100, .pendingDeletion)])
        return Case(
            desired: desired { $0.recoveryPoints = [point("kept", .backup(id))] },
            group: world,
            steps: [
                step(
                    1,
                    .restoreBackup(id, in: home, until: now + .days(3)),
                    when: [.backupPendingDeletion(id)],
                    until: .backupReady(.known(id))
                ),
                step(
                    2,
                    .pinBackup(.known(id)),
                    when: [.backupReady(.known(id))],
                    until: .backupPinned(.known(id)),
                    after: [1]
                ),
            ]
        )
    }

    private static var emptying: [Step] {
        (1...2).map { number in
            step(
                number,
                .removeHSM(.known(hsmID(number)), zone: zones[number - 1], causesBackup: true),
                when: [
                    .clusterState(.active), .hsmsSettled, .presentHSMs(3 - number),
                    .healthyHSMs(in: zones[number - 1], atLeast: 1),
                ],
                until: .hsmGone(.known(hsmID(number))),
                after: number == 1 ? [] : [1]
            )
        }
    }

    static func copying(_ number: Int, _ source: Int, to region: Region) -> Step {
        let source = BackupReference.known(backupID(source))
        return step(
            number,
            .copyBackup(source, to: region),
            when: [.backupReady(source), .notCopied(source, to: region)],
            until: .copyReady(of: source, in: region)
        )
    }

    static func deleting(
        _ number: Int,
        _ backup: Backup,
        floor: Int,
        and more: [Fact] = [],
        after: [Int] = []
    ) -> Step {
        step(
            number,
            .deleteBackup(backup.id, in: backup.region, createdAt: backup.createdAt),
            when: [
                .backupReady(.known(backup.id)),
                .readyBackupsApart(from: backup.id, in: backup.region, atLeast: floor),
                .readyContent(in: backup.region, since: backup.createdAt, atLeast: 2),
            ] + more,
            until: .backupGone(backup.id),
            after: after
        )
    }
}
