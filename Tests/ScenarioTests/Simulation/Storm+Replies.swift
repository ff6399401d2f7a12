import CloudHSM
import StrongroomModel
import StrongroomSimulator

/// What a process finds when its turn comes.
extension Storm {
    /// The disk failed.
    struct DiskFailure: Error, CustomStringConvertible {
        let description = "input/output error"
    }

    /// Gives a process its turn.
    func go(on number: Int) async throws {
        guard let point = turns.point(of: number) else { return }
        switch point {
        case .lock:
            let epoch = lock.take(by: number)
            await reply(epoch.map { .locked(epoch: $0) } ?? .nothing, to: number)
        case .journal:
            let entries = MemoryJournal.recent(of: file.entries, since: now - .days(30))
            await reply(.entries(entries), to: number)
        case .inventory: await answer(number) { try self.inventory(for: number) }
        case .observe(let id): await answer(number) { try self.observation(of: id, for: number) }
        case .sign(let call, let place, let group):
            await answer(number) {
                .signed(try self.world.service.sign(call, at: place, in: group))
            }
        case .wait: await reply(.nothing, to: number)
        case .begin(let intent):
            try await write(number, "begins \(intent.operation) of \(intent.target)") {
                try await self.file.begin(intent)
            }
        case .end(let intent, let outcome):
            let text = "records \(intent.operation) of \(intent.target) as \(outcome.result)"
            try await write(number, text) { try await self.file.end(intent, outcome) }
        case .send(let call): try await send(call, of: number)
        }
    }

    private func reply(_ reply: Turns.Reply, to number: Int) async {
        await turns.go(on: number, with: .success(reply))
        await stands(number)
    }

    private func fail(_ error: any Error, _ number: Int) async {
        await turns.go(on: number, with: .failure(error))
        await stands(number)
    }

    private func answer(_ number: Int, with look: () throws -> Turns.Reply) async {
        do {
            await reply(try look(), to: number)
        } catch {
            await fail(error, number)
        }
    }

    /// Kills a process: the kernel frees its lock at once.
    func kill(_ number: Int, _ text: String) async {
        outcome.tally.kills += 1
        tell("run \(number) is killed: \(text)")
        await turns.kill(number)
        await stands(number)
    }

    /// Of a thousand times, so many; never in good weather.
    func fails(_ permille: Int) -> Bool {
        guard !isCalm, chance.number(1...1_000) <= permille else { return false }
        outcome.tally.faults += 1
        return true
    }
}

/// Looks at the world.
extension Storm {
    private func inventory(for number: Int) throws -> Turns.Reply {
        if fails(weather.failedLooks) { throw ServiceException(.throttling, "slow down") }
        var inventory = try world.service.inventory()
        if weather.failsInventory, fails(weather.failedLooks) {
            // A page was missing: some groups, and nobody knows which.
            let place = inventory.groups.first?.home
            let seen = inventory.groups.filter { _ in chance.happens(60) }
            let gap: [Place: UnreadReason] =
                place.map { [$0: "a page could not be read"] } ?? [:]
            inventory = Inventory(groups: seen, unreadPlaces: gap)
        }
        if notes.plan(of: number) == nil {
            processes[number]?.sawEverything = inventory.unreadPlaces.isEmpty
        }
        return .inventory(inventory)
    }

    private func observation(of id: GroupID, for number: Int) throws -> Turns.Reply {
        if fails(weather.failedLooks) {
            throw chance.one(
                ServiceException(.throttling, "slow down") as any Error,
                ServiceException(.internalFailure, "try again"),
                CallInDoubt("the connection was reset")
            )
        }
        let group = try world.service.observe(id)
        processes[number]?.lastSeen[id] = group
        return .group(group)
    }
}

/// Writes to the journal.
extension Storm {
    private func write(
        _ number: Int,
        _ text: String,
        _ body: () async throws -> Void
    ) async throws {
        guard fails(weather.failedWrites) else {
            tell("run \(number) \(text)")
            do {
                try await body()
            } catch {
                return await fail(error, number)
            }
            return await reply(.nothing, to: number)
        }
        // What was not acknowledged may be there or not.
        let isThere = chance.happens(50)
        tell("run \(number) \(text), \(isThere ? "" : "not ")durably, and nobody says so")
        if isThere { try? await body() }
        if chance.happens(50) {
            await kill(number, "in the middle of a write")
        } else {
            await fail(DiskFailure(), number)
        }
    }
}

/// Calls on their way.
extension Storm {
    private func send(_ call: SignedCall, of number: Int) async throws {
        guard let process = processes[number], let intent = process.intent else {
            // The ledger has noted it; the call goes its way all the same.
            return await answer(number) { .answer(try self.world.service.send(call)) }
        }
        let flight = Flight(
            arrival: now,
            process: number,
            call: call,
            intent: intent,
            seen: call.group.flatMap { process.lastSeen[$0] },
            sawEverything: process.sawEverything
        )
        let name = "\(call.call.operation) of \(intent.target)"
        if let ambush, ambush.operation == call.call.operation {
            self.ambush = nil
            outcome.wasAmbushed = true
            return await meet(ambush.fate, flight, name)
        }
        let rates = weather.calls
        var dice = isCalm ? 101 : chance.number(1...100)
        func meets(_ share: Int) -> Bool {
            dice -= share
            let isMet = dice <= 0 && dice > -share
            if isMet { outcome.tally.faults += 1 }
            return isMet
        }
        if meets(rates.lostRequests) {
            tell("run \(number): the request \(name) is lost")
            return await unanswered(number)
        }
        if meets(rates.lostAnswers) {
            tell("run \(number): the answer to \(name) is lost")
            _ = try? deliver(flight)
            return await unanswered(number)
        }
        if meets(rates.late) { return await delay(flight, name) }
        if meets(rates.killedAfter) {
            _ = try? deliver(flight)
            return await kill(number, "after \(name)")
        }
        if meets(rates.killedBefore) { return await kill(number, "before \(name)") }
        if meets(rates.throttled) {
            tell("run \(number): \(name) is throttled")
            return await fail(ServiceException(.throttling, "slow down"), number)
        }
        if meets(rates.failedUndone) {
            tell("run \(number): \(name) fails")
            return await fail(ServiceException(.internalFailure, "try again"), number)
        }
        if meets(rates.failedDone) {
            tell("run \(number): \(name) is said to fail, but is done")
            _ = try? deliver(flight)
            return await fail(ServiceException(.internalFailure, "try again"), number)
        }
        do {
            let answer = try deliver(flight)
            ledger.answers(intent)
            tell("run \(number): \(name) is answered")
            await reply(.answer(answer), to: number)
        } catch {
            ledger.answers(intent)
            tell("run \(number): \(name) is refused: \(error)")
            await fail(error, number)
        }
    }

    private func meet(_ fate: Ambush.Fate, _ flight: Flight, _ name: String) async {
        outcome.tally.faults += 1
        let number = flight.process
        switch fate {
        case .answerLost:
            tell("run \(number): the answer to \(name) is lost")
            _ = try? deliver(flight)
            await unanswered(number)
        case .requestLost:
            tell("run \(number): the request \(name) is lost")
            await unanswered(number)
        case .killedAfter:
            _ = try? deliver(flight)
            await kill(number, "after \(name)")
        case .killedBefore: await kill(number, "before \(name)")
        case .late: await delay(flight, name)
        }
    }

    private func unanswered(_ number: Int) async {
        pass(ReadDelay.requestTime)
        await fail(CallInDoubt("no answer in time"), number)
    }

    /// A request that arrives later, at most as long as its signature lives; its sender may be gone.
    private func delay(_ flight: Flight, _ name: String) async {
        let late = Duration.seconds(chance.number(1...Int(ReadDelay.signatureLife / .seconds(1))))
        flights.append(
            Flight(
                arrival: now + late,
                process: flight.process,
                call: flight.call,
                intent: flight.intent,
                seen: flight.seen,
                sawEverything: flight.sawEverything
            )
        )
        tell("run \(flight.process): \(name) will arrive at \(now + late)")
        if chance.happens(40) {
            await kill(flight.process, "while \(name) is under way")
        } else {
            await unanswered(flight.process)
        }
    }

    /// Lets what is under way arrive.
    func deliverDue() throws {
        for flight in flights.filter({ $0.arrival <= now }).sorted(by: { $0.arrival < $1.arrival })
        {
            do {
                _ = try deliver(flight)
                tell("late: \(flight.call.call.operation) of \(flight.intent.target) is done")
            } catch {
                tell("late: \(flight.call.call.operation) is refused: \(error)")
            }
        }
        flights.removeAll { $0.arrival <= now }
    }

    /// The service carries a call out; the ledger compares the world before and after.
    private func deliver(_ flight: Flight) throws -> Answer {
        let group = flight.call.group
        let before = try group.map { try world.service.truth($0) }
        let answer = try world.service.send(flight.call)
        let after = try group.map { try world.service.truth($0) } ?? made(by: answer, flight)
        ledger.takesEffect(
            flight,
            from: before,
            to: after,
            under: ledger.watches[flight.process] ?? watch(of: flight.process),
            among: group == nil ? try truths() : [],
            at: now
        )
        return answer
    }

    private func made(by answer: Answer, _ flight: Flight) throws -> ProtectionGroup? {
        guard case .cluster(let cluster) = answer else { return nil }
        return try world.service.truth(GroupID(home: flight.call.place, cluster: cluster.id))
    }

    /// Every group as it is.
    func truths() throws -> [ProtectionGroup] {
        try world.service.inventory().groups.map(world.service.truth)
    }

    /// The promises that hold for a run: by its own manifests, from what it saw.
    private func watch(of number: Int) -> Watch {
        let fleet = processes[number]?.fleet ?? editions[0]
        let groups = notes.plan(of: number)?.groups ?? []
        let first = Dictionary(groups.map { ($0.id, $0) }) { first, _ in first }
        let asked = Scenario.asked(by: fleet, from: first)
        let others = ledger.hsmsOfOthers
        var watch = Watch(safety: fleet.safety) { group in
            let places = (group.livingCluster?.presentHSMs ?? []).map(\.place)
            return asked(group)?.besides(places.count { others.contains($0) })
        }
        watch.beginRun(seeing: groups)
        return watch
    }
}

extension Watch.Asked {
    /// The same with so many HSMs more, which others added.
    fileprivate func besides(_ others: Int) -> Watch.Asked {
        Watch.Asked(
            floor: floor,
            copyFloors: copyFloors,
            hsms: hsms,
            most: most + others,
            purgeCut: purgeCut,
            nominated: nominated,
            needsNoFinalBackup: needsNoFinalBackup
        )
    }
}
