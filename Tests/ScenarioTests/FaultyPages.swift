import CloudHSM
import StrongroomModel
import StrongroomSimulator
import Synchronization

/// Carries listing calls to a simulated service, badly: in small pages, slowly, and with faults.
final class FaultyPages: Sendable {
    fileprivate struct State {
        var chance: Chance
        var isFaulty = true
        var faults: [String: Int] = [:]
        var tokens: [String] = []
        var strays: [Stray] = []
        var outside: @Sendable (inout Chance) throws -> Void = { _ in }
    }

    /// Something that was listed, to be listed again on a later page as it is not.
    fileprivate enum Stray {
        case cluster(Cluster, Place)
        case backup(ListedBackup, Place)
    }

    private let inner: SimulatedService
    private let state: Mutex<State>

    init(_ inner: SimulatedService, seed: UInt64) {
        self.inner = inner
        state = Mutex(State(chance: Chance(seed: seed)))
    }

    /// How many faults there were, by their names.
    var faults: [String: Int] { state.withLock { $0.faults } }

    /// What others do to the world between two pages.
    func meanwhile(_ act: @escaping @Sendable (inout Chance) throws -> Void) {
        state.withLock { $0.outside = act }
    }

    /// From now on every page comes as it is.
    func heal() {
        state.withLock { state in
            state.isFaulty = false
            state.strays = []
        }
    }

    /// The page of a listing call, or what goes wrong with it.
    func carry(_ call: Call, to place: Place) async throws -> Answer {
        let (passing, fault) = try state.withLock { state in
            guard state.isFaulty else { return (Duration.zero, Fault?.none) }
            if state.chance.happens(4) {
                state.note("change between pages")
                try state.outside(&state.chance)
            }
            let passing: Duration =
                state.chance.happens(20) ? .seconds(state.chance.number(1...90)) : .zero
            return (passing, state.chance.happens(12) ? state.fault(on: call) : nil)
        }
        if passing > .zero { try await inner.wait(passing) }
        if let fault {
            state.withLock { $0.note(fault.rawValue) }
            switch fault {
            case .throttled: throw ServiceException(.throttling, "Rate exceeded")
            case .broken: throw ServiceException(.internalFailure, "try again")
            case .reset: throw ConnectionReset()
            case .expired: throw ServiceException.invalid("the token has expired")
            case .otherAnswer: return .empty
            case .repeatedToken, .twoStates: break
            }
        }
        let answer = try inner.perform(state.withLock { $0.narrowed(call) }, at: place, in: nil)
        return state.withLock { $0.spoilt(answer, at: place, by: fault) }
    }

    private struct ConnectionReset: Error, CustomStringConvertible {
        let description = "the connection was reset"
    }

    fileprivate enum Fault: String {
        case throttled = "throttled page"
        case broken = "failed page"
        case reset = "broken connection"
        case expired = "expired token"
        case otherAnswer = "answer to another call"
        case repeatedToken = "repeated token"
        case twoStates = "item in two states"
    }
}

extension FaultyPages.State {
    fileprivate mutating func note(_ fault: String) { faults[fault, default: 0] += 1 }

    fileprivate mutating func fault(on call: Call) -> FaultyPages.Fault {
        let fault: FaultyPages.Fault = chance.one(
            .throttled,
            .throttled,
            .broken,
            .reset,
            .expired,
            .otherAnswer,
            .repeatedToken,
            .twoStates,
            .twoStates,
            .twoStates
        )
        // A first page has no token that could have expired.
        return fault == .expired && call.token == nil ? .throttled : fault
    }

    /// The call for a page of at most a few entries, as a service may answer at any time.
    fileprivate mutating func narrowed(_ call: Call) -> Call {
        guard isFaulty || chance.happens(50) else { return call }
        let size = chance.number(1...4)
        switch call {
        case .describeClusters(let call):
            return .describeClusters(
                DescribeClusters(
                    filters: call.filters,
                    maxResults: size,
                    nextToken: call.nextToken
                )
            )
        case .describeBackups(let call):
            return .describeBackups(
                DescribeBackups(
                    filters: call.filters,
                    maxResults: size,
                    nextToken: call.nextToken
                )
            )
        case .createCluster, .initializeCluster, .modifyCluster, .deleteCluster, .createHSM,
            .deleteHSM, .modifyBackupAttributes, .deleteBackup, .restoreBackup, .copyBackup,
            .tagResource, .untagResource, .listTags, .putResourcePolicy, .getResourcePolicy,
            .deleteResourcePolicy:
            preconditionFailure("a reader called \(call.operation)")
        }
    }

    fileprivate mutating func spoilt(
        _ answer: Answer,
        at place: Place,
        by fault: FaultyPages.Fault?
    ) -> Answer {
        switch answer {
        case .clusters(var items, var token):
            for case .cluster(let stray, place) in strays where chance.happens(50) {
                items.append(stray)
            }
            if fault == .twoStates, let item = chance.one(of: items) {
                strays.append(.cluster(item.inAnotherState(by: &chance), place))
            }
            if fault == .repeatedToken { token = chance.one(of: tokens) ?? token }
            if let token { tokens.append(token) }
            return .clusters(items, nextToken: token)
        case .backups(var items, var token):
            for case .backup(let stray, place) in strays where chance.happens(50) {
                items.append(stray)
            }
            if fault == .twoStates, let item = chance.one(of: items) {
                strays.append(.backup(item.inAnotherState(by: &chance), place))
            }
            if fault == .repeatedToken { token = chance.one(of: tokens) ?? token }
            if let token { tokens.append(token) }
            return .backups(items, nextToken: token)
        case .cluster, .initialization, .hsm, .hsmID, .backup, .destinationBackup, .tags,
            .resourcePolicy, .empty:
            return answer
        }
    }
}

extension Call {
    fileprivate var token: String? {
        switch self {
        case .describeClusters(let call): call.nextToken
        case .describeBackups(let call): call.nextToken
        case .createCluster, .initializeCluster, .modifyCluster, .deleteCluster, .createHSM,
            .deleteHSM, .modifyBackupAttributes, .deleteBackup, .restoreBackup, .copyBackup,
            .tagResource, .untagResource, .listTags, .putResourcePolicy, .getResourcePolicy,
            .deleteResourcePolicy:
            nil
        }
    }
}

extension Cluster {
    fileprivate func inAnotherState(by chance: inout Chance) -> Cluster {
        var other = self
        if chance.happens(50), !hsms.isEmpty {
            other.hsms.removeLast()
        } else {
            other.state = chance.one(.deleteInProgress, .deleted, .active, .updateInProgress)
        }
        return other
    }
}

extension ListedBackup {
    fileprivate func inAnotherState(by chance: inout Chance) -> ListedBackup {
        var other = backup
        other.state = chance.one(.pendingDeletion, .deleted, .createInProgress, .ready)
        return ListedBackup(cluster: cluster, backup: other)
    }
}
