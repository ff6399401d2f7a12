import Dispatch

extension Array where Element: Sendable {
    /// What every element becomes, worked out on all cores.
    ///
    /// - Parameter transform: Is given each element once, several at the same time.
    /// - Returns: What came out, in the order of the elements.
    func mapOnAllCores<Value>(_ transform: @Sendable (Element) -> Value) -> [Value] {
        let share = 32
        // For a few, starting threads would cost more than it saves.
        guard count > 2 * share else { return map(transform) }
        return [Value](unsafeUninitializedCapacity: count) { values, initializedCount in
            // Safe: every place is filled by one thread, and all are before anyone reads one.
            nonisolated(unsafe) let slots = values
            DispatchQueue.concurrentPerform(iterations: (count + share - 1) / share) { number in
                for index in number * share..<Swift.min((number + 1) * share, count) {
                    slots.initializeElement(at: index, to: transform(self[index]))
                }
            }
            initializedCount = count
        }
    }
}
