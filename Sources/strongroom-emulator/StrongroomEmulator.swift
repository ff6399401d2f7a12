import ArgumentParser
import CloudHSM
import Glibc
import StrongroomSimulator
import StrongroomState

/// The simulated CloudHSM behind the API of the real one.
@main
struct StrongroomEmulator: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "strongroom-emulator",
        abstract: "Serve a simulated CloudHSM over the CloudHSM V2 API, for AWS clients.",
        discussion: EmulatorHelp.text,
        version: "0.1.0"
    )

    @OptionGroup(title: "Listening") var listen: ListenOptions
    @OptionGroup(title: "Signatures") var keys: KeyOptions
    @OptionGroup(title: "The world") var world: WorldOptions
    @OptionGroup(title: "Failures") var faults: FaultOptions

    static func main() async {
        Privacy.begin()
        do {
            var command = try parseAsRoot()
            if var command = command as? any AsyncParsableCommand {
                try await command.run()
            } else {
                try command.run()
            }
        } catch {
            // The parser's own way out writes past the one sink for text.
            let text = fullMessage(for: error, columns: nil)
            let code = exitCode(for: error)
            if code == .success {
                if !text.isEmpty { Talk.show(text + "\n") }
            } else if !text.isEmpty {
                Talk.say(text)
            }
            Glibc.exit(code.rawValue)
        }
    }

    func run() async throws {
        do {
            try await serve()
        } catch {
            Talk.say("error: \(error)")
            throw ExitCode(error.isLocked ? 75 : 1)
        }
    }

    private func serve() async throws {
        let (authentication, isDevelopment) = try keys.authentication()
        let account = authentication.keys.unsignedAccount
        let store = try world.open(filling: account)
        for finding in store.findings { Talk.say("note: \(finding)") }
        let clock = WorldClock(from: store.service.now(), speed: world.speed)
        let simulated = World(store.service, clock: clock, activatesClusters: world.autoActivate)
        let api = ServiceAPI(
            world: simulated,
            authentication: authentication,
            requests: ClusterRequests(),
            zones: SubnetZones(given: Dictionary(world.subnets) { _, last in last }),
            faults: FaultPlan(throttling: faults.throttle, failing: faults.fail, seed: world.seed),
            log: CallLog(isAskedFor: listen.logCalls)
        )
        let responder = EmulatorResponder(
            api: api,
            tokens: TokenService(authentication: authentication),
            control: ControlAPI(world: simulated),
            latency: .milliseconds(listen.latency),
            complain: { Talk.say("error: \($0)") }
        )
        let greeting = Greeting(
            listen: listen,
            world: world,
            authentication: authentication,
            isDevelopment: isDevelopment,
            start: clock.start
        )
        if let warning = greeting.warning { Talk.say("warning: \(warning)") }
        try await EmulatorServer(listen: listen, responder: responder).run { port in
            Talk.show(greeting.text(port: port))
        }
        try simulated.flush()
        try store.finish()
    }
}

extension Error {
    /// Whether another run holds the state directory.
    fileprivate var isLocked: Bool { (self as? StateError)?.isTransient ?? false }
}
