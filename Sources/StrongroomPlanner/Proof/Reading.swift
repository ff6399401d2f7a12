internal import StrongroomModel

/// What the reading of one promise gave.
struct Reading {
    var findings: [Proof.Finding] = []
    var worstCases: [Proof.WorstCase] = []

    /// Nothing yet.
    init() {}

    /// Steps that break a promise, and nothing else.
    init(_ promise: Promise, broken: (text: String, steps: [StepID]), in scene: Scene) {
        find(promise, broken.text, broken.steps, in: scene)
    }

    mutating func find(_ promise: Promise, _ text: String, _ steps: [StepID], in scene: Scene) {
        findings.append(
            Proof.Finding(promise, of: scene.plan.subject, text, steps: steps)
        )
    }

    /// Keeps a case if it is the worst so far; its words are made only then.
    mutating func weigh(
        _ promise: Promise,
        _ text: @autoclosure () -> String,
        _ steps: @autoclosure () -> [StepID],
        margin: Proof.Margin? = nil,
        in scene: Scene
    ) {
        let known = worstCases.firstIndex { $0.promise == promise }
        if let known {
            guard let margin else { return }
            if let least = worstCases[known].margin, least <= margin { return }
        }
        let worst = Proof.WorstCase(
            promise,
            of: scene.plan.subject,
            text(),
            steps: steps(),
            margin: margin
        )
        if let known { worstCases[known] = worst } else { worstCases.append(worst) }
    }
}
