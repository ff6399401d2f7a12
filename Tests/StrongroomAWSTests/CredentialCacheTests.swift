import CloudHSM
import CloudHSMWire
import StrongroomAWS
import Synchronization
import Testing

/// When credentials are renewed, and what happens if that fails.
@Suite("Renewing credentials", .timeLimit(.minutes(5)))
struct CredentialCacheTests {
    let clock = TestClock()
    let warnings = Warnings()

    private func cache(_ source: ScriptedSource) -> CredentialCache {
        let (clock, warnings) = (clock, warnings)
        return CredentialCache(
            source,
            secrets: SecretBook(),
            now: { clock.now },
            warn: { warnings.add($0) }
        )
    }

    @Test func theyAreRenewedFiveMinutesBeforeTheirEndAndNotSooner() async throws {
        let source = ScriptedSource(clock, lives: .minutes(60))
        let cache = cache(source)
        #expect(try await cache.current().signing.accessKeyID == "KEY1")
        clock.advance(by: .minutes(55) - .milliseconds(1))
        #expect(try await cache.current().signing.accessKeyID == "KEY1")
        clock.advance(by: .milliseconds(1))
        #expect(try await cache.current().signing.accessKeyID == "KEY2")
        #expect(source.count == 2)
    }

    @Test func thoseWithoutAnEndAreNeverRenewed() async throws {
        let source = ScriptedSource(clock, lives: nil)
        let cache = cache(source)
        _ = try await cache.current()
        clock.advance(by: .days(400))
        _ = try await cache.current()
        #expect(source.count == 1)
    }

    @Test func oneRenewalServesAllWhoAskMeanwhile() async throws {
        let source = ScriptedSource(clock, lives: .minutes(60), isSlow: true)
        let cache = cache(source)
        let keys = try await withThrowingTaskGroup(of: String.self) { group in
            for _ in 0..<50 {
                group.addTask { try await cache.current().signing.accessKeyID }
            }
            return try await group.reduce(into: Set()) { $0.insert($1) }
        }
        #expect(keys == ["KEY1"])
        #expect(source.count == 1)
    }

    @Test func aFailedRenewalKeepsWhatStillHoldsAndWarns() async throws {
        let source = ScriptedSource(clock, lives: .minutes(60))
        let cache = cache(source)
        _ = try await cache.current()
        source.fail(with: CredentialFault("a test", .helper("was not found")))
        clock.advance(by: .minutes(56))
        #expect(try await cache.current().signing.accessKeyID == "KEY1")
        #expect(warnings.all.count == 1)
        #expect(warnings.all.first?.contains("still used") == true)
        #expect(!Canary.isIn(warnings.all.joined()))
        // Not tried again at every call, but again before the end.
        _ = try await cache.current()
        #expect(source.count == 2)
        clock.advance(by: .seconds(30))
        _ = try await cache.current()
        #expect(source.count == 3)
        clock.advance(by: .minutes(4))
        await #expect(throws: CredentialFault.self) { try await cache.current() }
        source.fail(with: nil)
        clock.advance(by: .seconds(30))
        #expect(try await cache.current().signing.accessKeyID == "KEY5")
    }

    /// All Regions of an account ask for the same; a helper or STS that fails, fails once for all.
    @Test func aFailureStandsForHalfAMinuteAndTheSourceIsNotAskedAgain() async throws {
        let source = ScriptedSource(clock, lives: .minutes(60))
        let cache = cache(source)
        let fault = CredentialFault("a test", .helper("was not found"))
        source.fail(with: fault)
        for _ in 0..<50 {
            await #expect(throws: fault) { try await cache.current() }
        }
        #expect(source.count == 1)
        source.fail(with: nil)
        clock.advance(by: .seconds(29))
        await #expect(throws: fault) { try await cache.current() }
        clock.advance(by: .seconds(1))
        #expect(try await cache.current().signing.accessKeyID == "KEY2")
    }

    @Test func aClockThatWasSetBackDoesNotMakeAFailureStandLonger() async throws {
        let source = ScriptedSource(clock, lives: .minutes(60))
        let cache = cache(source)
        source.fail(with: CredentialFault("a test", .helper("was not found")))
        await #expect(throws: CredentialFault.self) { try await cache.current() }
        source.fail(with: nil)
        clock.advance(by: .hours(-1))
        #expect(try await cache.current().signing.accessKeyID == "KEY2")
    }

    @Test func whoIsCancelledWaitsNoLonger() async throws {
        let source = ScriptedSource(clock, lives: .minutes(60), delay: .seconds(3_600))
        let cache = cache(source)
        let began = ContinuousClock.now
        let tasks = (0..<3).map { _ in Task { try await cache.current() } }
        while source.count == 0 { await Task.yield() }
        for task in tasks { task.cancel() }
        for task in tasks {
            await #expect(throws: CancellationError.self) { try await task.value }
        }
        #expect(began.duration(to: .now) < .seconds(60))
        // Nobody waits any more, so the renewal was stopped, and the next one is a new one.
        source.hurry()
        #expect(try await cache.current().signing.accessKeyID == "KEY2")
    }

    @Test func aSessionOfAnotherAccountIsNoReasonToGoOnWithTheOldOne() async throws {
        let source = ScriptedSource(clock, lives: .minutes(60))
        let cache = cache(source)
        _ = try await cache.current()
        let identity = try #require(CallerIdentity(arn: "arn:aws:iam::444455556666:user/eve"))
        let account = try #require(AccountID("111122223333"))
        source.fail(with: WrongPlace.account(account, identity))
        clock.advance(by: .minutes(56))
        await #expect(throws: WrongPlace.account(account, identity)) { try await cache.current() }
        await #expect(throws: WrongPlace.account(account, identity)) { try await cache.current() }
    }

    @Test func thoseThatEndedBeforeTheyCameAreRefused() async throws {
        let cache = cache(ScriptedSource(clock, lives: .zero))
        await #expect(throws: CredentialFault.self) { try await cache.current() }
    }

    @Test func aSourceThatGivesTheSameOnesAgainIsNotAskedAtEveryCall() async throws {
        let source = ScriptedSource(clock, lives: .minutes(4))
        let cache = cache(source)
        for _ in 0..<10 { _ = try await cache.current() }
        #expect(source.count == 1)
        clock.advance(by: .seconds(30))
        for _ in 0..<10 { _ = try await cache.current() }
        #expect(source.count == 2)
    }

    @Test func whatTheServiceRefusesIsLetGoOfOnce() async throws {
        let source = ScriptedSource(clock, lives: .minutes(60))
        let cache = cache(source)
        let first = try await cache.current()
        await cache.forget(first)
        let second = try await cache.current()
        #expect(second.signing.accessKeyID == "KEY2")
        // A late refusal of the old ones does not touch the new ones.
        await cache.forget(first)
        #expect(try await cache.current() == second)
    }

    @Test func aWaiterThatIsCancelledDoesNotCancelTheOthersRenewal() async throws {
        let source = ScriptedSource(clock, lives: .minutes(60), isSlow: true)
        let cache = cache(source)
        let impatient = Task { try await cache.current() }
        while source.count == 0 { await Task.yield() }
        let patient = Task { try await cache.current() }
        impatient.cancel()
        #expect(try await patient.value.signing.accessKeyID == "KEY1")
        #expect(source.count == 1)
    }
}

/// Gives KEY1, KEY2 and so on, or fails.
private final class ScriptedSource: CredentialSource {
    let name = "a script"
    private let clock: TestClock
    private let lives: Duration?
    private let state: Mutex<State>

    private struct State {
        var count = 0
        var error: (any Error)?
        var delay: Duration
    }

    init(
        _ clock: TestClock,
        lives: Duration?,
        isSlow: Bool = false,
        delay: Duration? = nil
    ) {
        self.clock = clock
        self.lives = lives
        let usual: Duration = isSlow ? .milliseconds(100) : .zero
        state = Mutex(State(delay: delay ?? usual))
    }

    func hurry() { state.withLock { $0.delay = .zero } }

    var count: Int { state.withLock { $0.count } }

    func fail(with error: (any Error)?) { state.withLock { $0.error = error } }

    func credentials() async throws -> Credentials {
        let now = state.withLock { state in
            state.count += 1
            return state
        }
        let count = now.count
        if now.delay > .zero { try await Task.sleep(for: now.delay) }
        if let error = now.error { throw error }
        return Credentials(
            signing: SigningCredentials(
                accessKeyID: "KEY\(count)",
                secretAccessKey: Secret(Canary.secret)
            ),
            expiresAt: lives.map { clock.now + $0 },
            source: name
        )
    }
}
