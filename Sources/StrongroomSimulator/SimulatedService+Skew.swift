internal import StrongroomModel
internal import Synchronization

extension SimulatedService {
    /// How far this machine's clock runs ahead of the service's; none unless it is simulated.
    ///
    /// - Returns: The skew; negative where the machine's clock is behind.
    public func skew() -> Duration { state.withLock { $0.record.skew } }

    /// Lets this machine's clock be wrong.
    ///
    /// - Parameter skew: How far it runs ahead; negative where it is behind.
    /// - Throws: When that could not be kept.
    public func setSkew(_ skew: Duration) throws {
        try state.withLock { state in
            state.record.skew = skew
            state.isClockSaved = false
            try saveClock(in: &state)
        }
    }
}
