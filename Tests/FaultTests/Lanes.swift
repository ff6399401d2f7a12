/// Work that goes two at a time: as many as the smallest machine has cores.
enum Lanes {
    static let width = 2

    /// Does something to each of a list.
    ///
    /// - Parameters:
    ///   - items: The list.
    ///   - body: What is done, with the item's place in the list.
    /// - Throws: What the body throws, once those under way have ended.
    static func forEach<Item: Sendable>(
        _ items: [Item],
        _ body: @escaping @Sendable (Int, Item) async throws -> Void
    ) async throws {
        try await withThrowingTaskGroup(of: Void.self) { group in
            for (index, item) in items.enumerated() {
                if index >= width { try await group.next() }
                group.addTask { try await body(index, item) }
            }
            try await group.waitForAll()
        }
    }
}
