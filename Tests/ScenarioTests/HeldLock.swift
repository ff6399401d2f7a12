import StrongroomModel

/// A lock that nobody takes away.
struct HeldLock: Lease {
    let epoch = 1

    func check() {}
}
