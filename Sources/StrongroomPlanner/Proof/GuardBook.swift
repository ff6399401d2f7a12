internal import CloudHSM
internal import StrongroomModel

/// The guards of each step in each Region, read once: the same ones are asked for again and again
/// while a plan is walked.
///
/// A class, so that a walk that only looks may fill it; each walk has its own, on one thread.
final class GuardBook {
    private let scene: Scene
    private var pages: [[Region: Guards]]

    init(_ scene: Scene) {
        self.scene = scene
        pages = Array(repeating: [:], count: scene.steps.count)
    }

    /// The guards of the step at a position that speak of a Region.
    func guards(at position: Int, in region: Region) -> Guards {
        if let known = pages[position][region] { return known }
        let guards = Guards(of: scene.steps[position], in: region, of: scene)
        pages[position][region] = guards
        return guards
    }
}
