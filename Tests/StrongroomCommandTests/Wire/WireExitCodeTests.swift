import Foundation
import Glibc
import Synchronization
import Testing

/// How commands end that could not read what they need, or were stopped in a call.
@Suite("Exit codes on AWS", .serialized, .timeLimit(.minutes(5)))
struct WireExitCodeTests {
    @Test(
        "5: refused credentials are one error, whatever the command",
        arguments: [
            ["plan"], ["plan", "--detailed-exitcode"], ["plan", "--format", "json"], ["status"],
            ["status", "--format", "json"], ["apply", "--yes", "--allow-endpoint"],
            ["reconcile", "--allow-endpoint"], ["observe"],
        ]
    )
    func refusedCredentials(_ command: [String]) async throws {
        let world = try await EmulatedWorld(for: .copies, stride: "30s")
        _ = try await world.run("observe")
        let ended = try await world.run(command, secret: "not-the-key")
        #expect(ended.status == 5, "\(ended.out)\(ended.err)")
        let errors = ended.err.split(separator: "\n").filter { $0.hasPrefix("error: ") }
        #expect(errors.count == 1, "\(ended.err)")
        #expect(errors.first?.contains("Next: ") ?? false, "\(ended.err)")
        for untrue in ["No changes", "new cluster", "0 of 0", "every step of", "0 READY"] {
            #expect(!ended.out.contains(untrue) && !ended.err.contains(untrue), "\(ended.out)")
        }
        #expect(try world.effects() == [:])
    }

    @Test(
        "5: a saved plan whose Region is lost is not done, and can be used once it is back",
        arguments: [WireFault.cutBefore, .failedBefore, .loginPage, .halfJSON, .unknownType]
    )
    func savedPlanOfALostRegion(_ fault: WireFault) async throws {
        let world = try await EmulatedWorld(for: .copies, stride: "30s")
        _ = try await world.run("observe")
        let planned = try await world.run("plan", "-o", "p.json")
        #expect(planned.status == 0, "\(planned.err)")
        world.proxy.follow { $0.region == "eu-west-1" ? fault : nil }
        let lost = try await world.run("apply", "p.json", "--yes", "--allow-endpoint")
        #expect(lost.status == 5, "\(lost.out)\(lost.err)")
        #expect(!lost.out.contains("is done") && !lost.err.contains("is done"), "\(lost.err)")
        #expect(lost.err.contains("error: eu-west-1"), "\(lost.err)")
        #expect(try world.effects()["DeleteBackup"] == nil)
        world.proxy.follow { _ in nil }
        let found = try await world.run("apply", "p.json", "--yes", "--allow-endpoint")
        #expect([0, 4].contains(found.status), "\(found.out)\(found.err)")
        #expect(try world.effects()["DeleteBackup"] ?? 0 > 0, "\(found.out)\(found.err)")
    }

    @Test("4: a cluster that was observed and is listed no more is not made again")
    func vanishedCluster() async throws {
        let world = try await EmulatedWorld(for: .copies, stride: "30s")
        _ = try await world.run("observe")
        world.proxy.follow { $0.operation == "DescribeClusters" ? .nothingListed : nil }
        // The first run keeps what it sees, so the second knows no more than that.
        for _ in 1...2 {
            let ended = try await world.run("reconcile", "--allow-endpoint")
            #expect(ended.status == 4, "\(ended.out)\(ended.err)")
            let said = ended.out + ended.err
            #expect(
                said.contains("of that name is listed as DELETED or not at all, and left"),
                "\(said)"
            )
        }
        #expect(try world.effects() == [:])
        world.proxy.follow { _ in nil }
        let found = try await world.run("plan", "--detailed-exitcode")
        #expect(!found.out.contains("is listed as DELETED"), "\(found.out)\(found.err)")
    }

    @Test(
        "5: backups that were READY and are listed no more were not read, and are not gone",
        arguments: ["us-east-1", "eu-west-1"]
    )
    func unlistedBackups(_ region: String) async throws {
        let world = try await EmulatedWorld(for: .copies, stride: "30s")
        _ = try await world.run("observe")
        let planned = try await world.run("plan", "-o", "p.json")
        #expect(planned.status == 0, "\(planned.err)")
        world.proxy.follow {
            $0.operation == "DescribeBackups" && $0.region == region ? .noBackupListed : nil
        }
        for command in [["apply", "p.json", "--yes"], ["reconcile"], ["reconcile"]] {
            let ended = try await world.run(command + ["--allow-endpoint"])
            #expect(ended.status == 5, "\(command)\(ended.out)\(ended.err)")
            #expect(ended.err.contains("error: \(region)"), "\(ended.err)")
            #expect(ended.err.contains("resolve backup-"), "\(ended.err)")
        }
        #expect(try world.effects()["DeleteBackup"] == nil)
        world.proxy.follow { _ in nil }
        let found = try await world.run("apply", "p.json", "--yes", "--allow-endpoint")
        #expect([0, 4].contains(found.status), "\(found.out)\(found.err)")
        #expect(try world.effects()["DeleteBackup"] ?? 0 > 0, "\(found.out)\(found.err)")
    }

    @Test("a person's word ends the wait for a backup that is listed no more, and none that is")
    func wordOnBackups() async throws {
        let world = try await EmulatedWorld(for: .copies, stride: "30s")
        _ = try await world.run("observe")
        world.proxy.follow {
            $0.operation == "DescribeBackups" && $0.region == "eu-west-1" ? .noBackupListed : nil
        }
        let plan = try await world.run("plan")
        #expect(plan.status == 5, "\(plan.out)\(plan.err)")
        let backups = try #require(plan.err.firstMatch(of: /resolve (backup-[a-z0-9,-]+) --gone/)).1
        let resolve = ["resolve", String(backups), "--gone", "--reason"]
        let blank = try await world.run(resolve + [" "])
        #expect(blank.status == 64, "\(blank.err)")
        world.proxy.follow { _ in nil }
        let listed = try await world.run(resolve + ["the console shows none"])
        #expect(listed.status == 0, "\(listed.err)")
        #expect(listed.err.contains("nothing is recorded"), "\(listed.err)")
        world.proxy.follow {
            $0.operation == "DescribeBackups" && $0.region == "eu-west-1" ? .noBackupListed : nil
        }
        let recorded = try await world.run(resolve + ["the console shows none"])
        #expect(recorded.status == 0, "\(recorded.err)")
        #expect(recorded.err.contains("is gone"), "\(recorded.err)")
        let after = try await world.run("plan")
        #expect(after.status == 0, "\(after.out)\(after.err)")
        let again = try await world.run(resolve + ["the console shows none"])
        #expect(again.status == 1, "\(again.err)")
        #expect(again.err.contains("nothing waits for word of it"), "\(again.err)")
    }

    /// What is carried out: a plan made now, or one that was saved.
    static let plans: [[String]] = [[], ["p.json"]]

    @Test("130, 143: a call under way is seen through", arguments: [SIGINT, SIGTERM], plans)
    func stoppedInACall(signal: Int32, plan: [String]) async throws {
        let world = try await EmulatedWorld(for: .scaling, stride: "30s")
        _ = try await world.run("observe")
        #expect(try await world.run("plan", "-o", "p.json").status == 0)
        let (called, call) = AsyncStream.makeStream(of: Void.self)
        world.proxy.follow { request in
            guard request.operation == "CreateHsm", request.number == 1 else { return nil }
            call.yield()
            Thread.sleep(forTimeInterval: 2)
            return nil
        }
        let run = try world.start(["apply"] + plan + ["--yes", "--allow-endpoint"])
        let ended = try await run.end(sending: signal, at: called, call)
        #expect(ended.status == 128 + signal, "\(ended.out)\(ended.err)")
        #expect(ended.out.contains("(stopped before the end)"), "\(ended.out)")
        // Clusters are worked on side by side, so more than one call can be under way.
        let started = ended.out.matches(of: #/(?m)^ *started /#).count
        let effects = try world.effects()
        #expect(effects["CreateHsm"] ?? 0 > 0, "\(ended.out)")
        #expect(ended.err.contains("stopping once the present call is answered"), "\(ended.err)")
        #expect(effects.values.reduce(0, +) == started, "\(effects): \(ended.out)")
        world.proxy.follow { _ in nil }
        let rest = try await world.apply()
        #expect(rest.status == 0, "\(rest.out)\(rest.err)")
    }

    @Test("130, 143: a look at what was begun is given up", arguments: [SIGINT, SIGTERM], plans)
    func stoppedInALook(signal: Int32, plan: [String]) async throws {
        let world = try await EmulatedWorld(for: .scaling, stride: "30s")
        _ = try await world.run("observe")
        #expect(try await world.run("plan", "-o", "p.json").status == 0)
        let (asked, ask) = AsyncStream.makeStream(of: Void.self)
        let hasBegun = Mutex(false)
        world.proxy.follow { request in
            if request.operation == "CreateHsm" { hasBegun.withLock { $0 = true } }
            guard request.isReading, hasBegun.withLock({ $0 }) else { return nil }
            ask.yield()
            return .noAnswer
        }
        let run = try world.start(["apply"] + plan + ["--yes", "--allow-endpoint"])
        let ended = try await run.end(sending: signal, at: asked, ask)
        #expect(ended.status == 128 + signal, "\(ended.out)\(ended.err)")
        #expect(ended.out.contains("(stopped before the end)"), "\(ended.out)")
        #expect(ended.out.contains(" started"), "\(ended.out)")
        #expect(!ended.err.contains("error:"), "\(ended.err)")
        #expect(ended.err.contains("stopping"), "\(ended.err)")
    }

    @Test("130, 143: reading stops, too", arguments: [SIGINT, SIGTERM])
    func stoppedInAReading(signal: Int32) async throws {
        let world = try await EmulatedWorld(for: .scaling, stride: "30s")
        _ = try await world.run("observe")
        let acting = [["reconcile"], ["apply", "--yes"]].map { $0 + ["--allow-endpoint"] }
        for command in [["plan"], ["status"]] + acting {
            let (asked, ask) = AsyncStream.makeStream(of: Void.self)
            world.proxy.follow { request in
                guard request.isReading else { return nil }
                ask.yield()
                return .noAnswer
            }
            let ended = try await world.start(command).end(sending: signal, at: asked, ask)
            #expect(ended.status == 128 + signal, "\(command): \(ended.out)\(ended.err)")
            #expect(ended.out == "" && !ended.err.contains("error:"), "\(command): \(ended.err)")
        }
    }

    @Test("0: apply waits for what a run began that was killed")
    func waitsForAnEarlierRun() async throws {
        let world = try await EmulatedWorld(for: .scaling, stride: "30s")
        _ = try await world.run("observe")
        let (called, call) = AsyncStream.makeStream(of: Void.self)
        // The answer is on its way: the call was carried out, and the run that made it never knows.
        world.proxy.follow { request in
            guard request.operation == "CreateHsm" else { return nil }
            call.yield()
            return .noAnswer
        }
        let run = try world.start("apply", "--yes", "--allow-endpoint")
        let killed = try await run.end(sending: SIGKILL, at: called, call)
        #expect(killed.status == 128 + SIGKILL, "\(killed.out)\(killed.err)")
        world.proxy.follow { _ in nil }
        let ended = try await world.apply()
        #expect(ended.status == 0, "\(ended.out)\(ended.err)")
        let plan = try await world.run("plan", "--detailed-exitcode")
        #expect(plan.status == 0, "\(plan.out)\(plan.err)")
        #expect(plan.out.contains("No changes."), "\(plan.out)")
    }
}

extension Started {
    /// Waits for the end, and sends a signal at the first of some moments.
    fileprivate func end(
        sending signal: Int32,
        at moments: AsyncStream<Void>,
        _ moment: AsyncStream<Void>.Continuation
    ) async throws -> Program.Ended {
        // A run that ends without such a moment must not be waited for.
        let end = Task {
            defer { moment.finish() }
            return try await self.end()
        }
        for await _ in moments.prefix(1) { kill(pid, signal) }
        return try await end.value
    }
}
