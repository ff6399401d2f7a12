import Testing

/// The harms of a test's faults, counted; the first few are shown in full.
actor Tally {
    private let test: String
    private var counts: [String: Int] = [:]

    /// How many faults did happen.
    private(set) var faults = 0

    init(_ test: String) {
        self.test = test
    }

    /// Counts a fault and what came of it.
    ///
    /// - Parameters:
    ///   - fault: The fault, in words to repeat it by.
    ///   - harms: What was wrong afterwards.
    func count(_ fault: String, _ harms: [Harm]) {
        faults += 1
        let kinds = Set(harms.map(\.kind.rawValue))
        for kind in kinds { counts[kind, default: 0] += 1 }
        // The first few of each kind, so that many of one do not hide the only one of another.
        guard kinds.contains(where: { counts[$0, default: 0] <= 3 }) else { return }
        let text = harms.map { "\($0.kind.rawValue): \($0.text)" }.joined(separator: "\n  ")
        Issue.record("\(test), \(fault), seed \(Torture.seed):\n  \(text)")
    }

    /// Prints the closing line, and holds the counts of harm to zero.
    ///
    /// - Parameters:
    ///   - name: What the faults are called.
    ///   - kinds: The harms that were looked for.
    ///   - others: Other counts, which are no harm.
    func close(_ name: String, _ kinds: [Harm.Kind], and others: [(name: String, value: Int)] = [])
    {
        let harms = kinds.map { (name: $0.rawValue, value: counts[$0.rawValue, default: 0]) }
        Torture.close(test, [(name: name, value: faults)] + others + harms)
        for (kind, count) in counts.sorted(by: { $0.key < $1.key }) where count > 0 {
            Issue.record("\(test): \(kind) in \(count) of \(faults) \(name)")
        }
    }
}
