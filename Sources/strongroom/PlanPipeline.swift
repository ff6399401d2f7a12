import CloudHSM
import Foundation
import StrongroomModel
import StrongroomPlanner

/// From a service to a plan, group by group on all cores: no more than a few groups are in memory
/// at once, however many the fleet has.
struct PlanPipeline: Sendable {
    let fleet: DesiredFleet
    let service: any HSMService
    let now: Timestamp
    let recentEntries: [JournalEntry]
    var detail = Planner.Detail.differences

    /// The plan, and the groups that could not be read.
    struct Result: Sendable {
        let plan: Plan
        let unread: [GroupID: String]
    }

    /// Plans the whole fleet.
    ///
    /// - Parameter onEach: Is given every group that could be read, in no fixed order and from
    ///   several threads.
    /// - Returns: The plan, and what could not be read.
    /// - Throws: What the service throws when it cannot say which groups there are.
    func run(
        onEach: @escaping @Sendable (ProtectionGroup) -> Void = { _ in }
    ) async throws -> Result {
        let inventory = try await service.inventory()
        let context = PlanContext(
            now: now,
            unreadPlaces: inventory.unreadPlaces,
            recentEntries: recentEntries
        )
        let planner = Planner(fleet: fleet, context: context, detail: detail)
        let chunks = inventory.groups.chunked(
            into: ProcessInfo.processInfo.activeProcessorCount * 8
        )
        var parts: [PlanPart] = []
        var unread: [GroupID: String] = [:]
        parts.reserveCapacity(inventory.groups.count)
        try await withThrowingTaskGroup(of: Chunk.self) { group in
            for ids in chunks {
                group.addTask { try await plan(ids, planner, onEach) }
            }
            for try await chunk in group {
                parts += chunk.parts
                unread.merge(chunk.unread) { first, _ in first }
            }
        }
        return Result(plan: planner.assemble(parts, unread: unread), unread: unread)
    }

    private struct Chunk: Sendable {
        var parts: [PlanPart] = []
        var unread: [GroupID: String] = [:]
    }

    private func plan(
        _ ids: ArraySlice<GroupID>,
        _ planner: Planner,
        _ onEach: @Sendable (ProtectionGroup) -> Void
    ) async throws -> Chunk {
        var chunk = Chunk()
        for id in ids {
            do {
                let group = try await service.observe(id)
                onEach(group)
                chunk.parts.append(planner.part(for: group))
            } catch let cancellation as CancellationError {
                throw cancellation
            } catch {
                chunk.unread[id] = "\(error)"
            }
        }
        return chunk
    }
}

extension Array {
    /// The elements in at most so many slices of about the same length, in order.
    fileprivate func chunked(into count: Int) -> [ArraySlice<Element>] {
        let length = Swift.max((self.count + count - 1) / count, 1)
        return stride(from: 0, to: self.count, by: length).map {
            self[$0..<Swift.min($0 + length, self.count)]
        }
    }
}
