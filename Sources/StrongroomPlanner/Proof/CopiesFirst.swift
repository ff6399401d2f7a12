internal import CloudHSM
internal import StrongroomModel

/// Promise 3, for what an earlier run began: backups go only once a copy that is being made is READY.
///
/// Within a plan the order of its steps says so; a copy that is under way is no step of it any more.
struct CopiesFirst {
    /// No copy takes longer, so a later one never comes to be READY by itself.
    private static let patience = Duration.hours(24)

    let scene: Scene

    var reading: Reading {
        var reading = Reading()
        let losing = scene.steps.filter { !$0.action.lostBackups.isEmpty }
        guard !losing.isEmpty, let copy = copyUnderWay else { return reading }
        reading.find(
            .replacements,
            "backups go while \(copy.id) is being copied to \(copy.region)",
            losing.map(\.id),
            in: scene
        )
        return reading
    }

    private var copyUnderWay: Backup? {
        scene.backups.values.filter { backup in
            guard backup.state == .createInProgress, let origin = backup.origin else {
                return false
            }
            return scene.now - origin.copiedAt < Self.patience
        }
        .min { $0.id < $1.id }
    }
}
