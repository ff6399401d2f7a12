/// Does something for every element, so many at a time; results come in the order of the elements.
///
/// - Parameters:
///   - elements: The elements.
///   - width: How many at a time, 1 or more.
///   - work: What is done.
/// - Returns: The results.
/// - Throws: What the work throws; the rest is cancelled then.
func sideBySide<Element: Sendable, Result: Sendable>(
    _ elements: [Element],
    width: Int,
    _ work: @escaping @Sendable (Element) async throws -> Result
) async throws -> [Result] {
    try await withThrowingTaskGroup(of: (Int, Result).self) { group in
        var results = [Result?](repeating: nil, count: elements.count)
        var waiting = elements.enumerated().makeIterator()
        for _ in 0..<max(width, 1) {
            guard let (index, element) = waiting.next() else { break }
            group.addTask { (index, try await work(element)) }
        }
        while let (index, result) = try await group.next() {
            results[index] = result
            guard let (index, element) = waiting.next() else { continue }
            group.addTask { (index, try await work(element)) }
        }
        return results.compactMap(\.self)
    }
}
