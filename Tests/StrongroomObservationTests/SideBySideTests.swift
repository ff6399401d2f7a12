import StrongroomModel
import Testing

/// Work side by side.
///
/// In release a task that returns a tuple loses its first part; what is returned
/// here would come back under the wrong element then, or not at all.
@Suite("Work side by side")
struct SideBySideTests {
    private struct Failure: Error, Equatable {
        let number: Int
    }

    private static let numbers = Array(0..<100)

    /// Suspends between what is known before and what comes after.
    private static func halved(_ number: Int) async throws -> [Int] {
        await Task.yield()
        guard number.isMultiple(of: 2) else { throw Failure(number: number) }
        return [number, number / 2]
    }

    @Test("gives each element its own outcome", arguments: [1, 2, 7, 200])
    func eachHasItsOutcome(width: Int) async throws {
        let outcomes = await outcomesSideBySide(Self.numbers, width: width, Self.halved)
        try #require(outcomes.count == Self.numbers.count)
        for (number, outcome) in zip(Self.numbers, outcomes) {
            switch outcome {
            case .success(let value): #expect(value == [number, number / 2])
            case .failure(let error): #expect(error as? Failure == Failure(number: number))
            }
        }
    }

    @Test("gives results in the order of the elements", arguments: [1, 2, 7, 200])
    func resultsComeInOrder(width: Int) async throws {
        let even = Self.numbers.map { $0 * 2 }
        let results = try await sideBySide(even, width: width, Self.halved)
        #expect(results == even.map { [$0, $0 / 2] })
    }

    @Test("ends with what failed first, and begins nothing after it")
    func endsWithTheFirstFailure() async throws {
        let numbers = Self.numbers.dropFirst(2) + [101]
        await #expect(throws: Failure(number: 3)) {
            _ = try await sideBySide(Array(numbers), width: 1, Self.halved)
        }
    }
}
