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
    let seen: [GroupID: SeenGroup]?
    var detail = Planner.Detail.differences

    /// Whether what is seen is gathered, to be kept for the next run.
    var remembers = false

    /// The plan, and the groups and places that could not be read.
    struct Result: Sendable {
        var plan: Plan
        let planner: Planner
        let unread: [GroupID: String]
        let unreadPlaces: [Place: String]

        /// What there is to remember of each group; empty if nothing is gathered.
        let found: [GroupID: SeenGroup]

        /// Whether a group, or its home, could not be read.
        func isUnread(_ id: GroupID) -> Bool {
            unread[id] != nil || unreadPlaces[id.home] != nil
        }
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
            recentEntries: recentEntries,
            seen: seen
        )
        let planner = Planner(fleet: fleet, context: context, detail: detail)
        let chunks = inventory.groups.chunked(
            into: ProcessInfo.processInfo.activeProcessorCount * 8
        )
        var parts: [PlanPart] = []
        var unread: [GroupID: String] = [:]
        var found: [GroupID: SeenGroup] = [:]
        parts.reserveCapacity(inventory.groups.count)
        try await withThrowingTaskGroup(of: Chunk.self) { group in
            for ids in chunks {
                group.addTask { try await plan(ids, planner, onEach) }
            }
            for try await chunk in group {
                parts += chunk.parts
                unread.merge(chunk.unread) { first, _ in first }
                found.merge(chunk.found) { first, _ in first }
            }
        }
        return Result(
            plan: planner.assemble(parts, unread: unread),
            planner: planner,
            unread: unread,
            unreadPlaces: inventory.unreadPlaces,
            found: found
        )
    }

    private struct Chunk: Sendable {
        var parts: [PlanPart] = []
        var unread: [GroupID: String] = [:]
        var found: [GroupID: SeenGroup] = [:]
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
                if remembers { chunk.found[id] = planner.seen(group) }
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
