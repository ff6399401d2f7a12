import Foundation

/// Does work on all cores, a piece at a time on each.
///
/// - Parameters:
///   - pieces: What to work on.
///   - work: Takes one piece.
/// - Throws: What the work throws first.
func inParallel<Piece: Sendable>(
    _ pieces: [Piece],
    _ work: @escaping @Sendable (Piece) async throws -> Void
) async throws {
    try await withThrowingTaskGroup(of: Void.self) { tasks in
        var waiting = pieces.makeIterator()
        for _ in 0..<ProcessInfo.processInfo.activeProcessorCount {
            guard let piece = waiting.next() else { break }
            tasks.addTask { try await work(piece) }
        }
        while try await tasks.next() != nil {
            guard let piece = waiting.next() else { continue }
            tasks.addTask { try await work(piece) }
        }
    }
}
