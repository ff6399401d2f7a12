/// Chance that repeats itself from its seed (SplitMix64).
struct Chance: RandomNumberGenerator {
    private var state: UInt64

    /// Begins anew.
    ///
    /// - Parameters:
    ///   - seed: What the run began with.
    ///   - test: Which test draws, so that no two draw the same.
    init(_ seed: UInt64, for test: String) {
        state = test.utf8.reduce(seed) { ($0 ^ UInt64($1)) &* 0x100_0000_01b3 }
    }

    mutating func next() -> UInt64 {
        state &+= 0x9e37_79b9_7f4a_7c15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xbf58_476d_1ce4_e5b9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94d0_49bb_1331_11eb
        return mixed ^ (mixed >> 31)
    }

    /// Takes so many of a list, spread evenly over all of it; all of it and chance more if it has
    /// fewer.
    mutating func spread<Element>(_ count: Int, over all: [Element]) -> [Element] {
        guard !all.isEmpty, count > 0 else { return [] }
        guard count < all.count else {
            return all
                + (all.count..<max(count, all.count)).compactMap { _ in
                    all.randomElement(using: &self)
                }
        }
        let stride = Double(all.count) / Double(count)
        let offset = Double.random(in: 0..<stride, using: &self)
        return (0..<count).map { all[min(Int(offset + Double($0) * stride), all.count - 1)] }
    }
}
