import ArgumentParser
import CloudHSM
import StrongroomModel
import StrongroomObservation
import StrongroomReport
import StrongroomState

/// Reads what there is at AWS, and keeps it in the state directory.
struct Observe: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Read every account and Region at AWS, and keep what is there in the state.",
        discussion: """
            It needs no more than DescribeClusters and DescribeBackups, and makes the state \
            directory if there is none. plan --offline then plans from it without credentials. A \
            Region that does not answer leaves what was known of it as it was, and counts as unread.

            With --from nothing is asked: the files hold what `aws cloudhsmv2 describe-clusters` and \
            `describe-backups` print. A Region is read whole if there is a file of each for it.

            """
                + ExitStatus.help(
                    .done,
                    .failure,
                    .unread,
                    .tryLater,
                    .interrupted,
                    .terminated
                )
    )

    @OptionGroup var options: CommonOptions

    @Option(
        parsing: .upToNextOption,
        help: ArgumentHelp(
            "Take these files instead of asking; each as the AWS command line prints it.",
            valueName: "file"
        ),
        completion: .file(extensions: ["json"])
    )
    var from: [String] = []

    @Option(
        help: ArgumentHelp(
            "The Region of the files in which nothing tells it.",
            valueName: "name"
        ),
        transform: Self.region
    )
    var region: Region?

    @Option(
        help: ArgumentHelp(
            "The account of the files in which nothing tells it: a fleet's name for it, or its id.",
            valueName: "account"
        )
    )
    var account: String?

    @OptionGroup var lock: LockOptions

    func validate() throws {
        guard options.selector == nil else {
            throw ValidationError("observe reads everything: leave out --selector")
        }
        guard !from.isEmpty || (region == nil && account == nil) else {
            throw ValidationError("--region and --account go with --from")
        }
    }

    func run() async throws {
        let terminal = options.run.terminal
        try await terminal.run(endingAt: StopSignals()) {
            let house = try await House.open(
                options,
                for: .observing(asks: from.isEmpty, waitingAtMost: .seconds(lock.lockTimeout))
            )
            guard house.fleet.service == .aws else {
                throw Trouble(
                    "with service: simulator the state directory is the service itself, and there "
                        + "is nothing to observe",
                    .failure
                )
            }
            let observed = try await Trouble.explaining { try await read(in: house) }
            let (reading, places) = (observed.reading, observed.places)
            try house.finish()
            terminal.show(ObservationText.text(of: reading.rows(of: places)))
            for (id, reason) in reading.unreadGroups.sorted(by: { $0.key < $1.key }) {
                terminal.say(
                    "error: \(id.cluster) in \(id.home): \(reason)"
                )
            }
            let gaps = reading.unreadPlaces.filter { places.contains($0.key) }
            for line in UnreadLines(gaps, in: house.fleet, for: .observing).lines {
                terminal.say("error: \(line)")
            }
            return reading.unreadGroups.isEmpty && gaps.isEmpty ? .done : .unread
        }
    }

    /// What there is, and the accounts and Regions that were to be read.
    private struct Observed {
        let reading: FleetObservation
        let places: [Place]
    }

    private func read(in house: House) async throws -> Observed {
        if let service = house.service as? RealService {
            let reading = try await service.observation()
            return Observed(reading: reading, places: house.fleet.places)
        }
        let files = try ListingFiles(
            try from.map { try ListingFile(path: $0) },
            of: house.fleet,
            account: try accountID(in: house.fleet),
            region: region
        )
        let state = house.state
        let reading = try await files.observation(
            at: options.run.now,
            of: house.fleet,
            after: state.earlierGroups(in: files.places)
        )
        .remembering(state.lastSeenCluster())
        try ObservationRecord(state: house.state).keep(reading, of: files.places)
        return Observed(reading: reading, places: files.places)
    }

    private func accountID(in fleet: DesiredFleet) throws -> AccountID? {
        guard let account else { return nil }
        let found = fleet.accounts.first { $0.name == account || "\($0.id)" == account }
        guard let found else {
            throw Trouble("the fleet has no account \(account): correct --account", .failure)
        }
        return found.id
    }

    private static func region(_ text: String) throws -> Region {
        guard let region = Region(text) else {
            throw ValidationError("'\(text)' is not a Region; write one such as us-east-1")
        }
        return region
    }
}

extension FleetObservation {
    /// What lies where.
    ///
    /// - Parameter places: The accounts and Regions, in order.
    /// - Returns: A row for each.
    fileprivate func rows(of places: [Place]) -> [ObservationText.Row] {
        places.map { place in
            let own = groups.filter { $0.id.home.account == place.account }
            let backups = own.flatMap(\.backups).filter { $0.region == place.region }
            return ObservationText.Row(
                place,
                clusters: own.count { $0.id.home == place && $0.livingCluster != nil },
                readyBackups: backups.count(where: \.isReady),
                pendingDeletion: backups.count { $0.state == .pendingDeletion },
                isWhole: unreadPlaces[place] == nil
            )
        }
    }
}
