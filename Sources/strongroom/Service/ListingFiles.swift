import CloudHSM
import StrongroomModel
import StrongroomObservation

/// Listings from files, in place of a service that is asked.
struct ListingFiles {
    private let files: [Key: ListingFile]

    private struct Key: Hashable {
        let place: Place
        let kind: ListingFile.Kind
    }

    /// Says of each file which account and Region it is of.
    ///
    /// - Parameters:
    ///   - files: The files.
    ///   - fleet: What the manifests say.
    ///   - account: The account of files that do not tell; `nil` for the fleet's only one.
    ///   - region: The Region of files that do not tell.
    /// - Throws: ``Trouble`` where that cannot be said, or two files are of one listing.
    init(
        _ files: [ListingFile],
        of fleet: DesiredFleet,
        account: AccountID?,
        region: Region?
    ) throws {
        var placed: [Key: ListingFile] = [:]
        for file in files {
            let place = Place(
                account: try Self.account(of: file, in: fleet, else: account),
                region: try Self.region(of: file, in: fleet, else: region)
            )
            let key = Key(place: place, kind: file.kind)
            if let other = placed[key] {
                throw Trouble(
                    "\(other.path) and \(file.path) both list the \(file.kind.words) of \(place): "
                        + "leave one out",
                    .failure
                )
            }
            placed[key] = file
        }
        self.files = placed
    }

    /// The places of which there is a file, in order.
    var places: [Place] { Set(files.keys.map(\.place)).sorted() }

    /// Reads the files as a fleet's accounts and Regions are read.
    ///
    /// - Parameters:
    ///   - moment: When they were printed; `nil` for when the oldest was written.
    ///   - fleet: What the manifests say.
    ///   - earlier: What was observed before.
    /// - Returns: What they show; places without a file count as unread.
    /// - Throws: `CancellationError`.
    func observation(
        at moment: Timestamp?,
        of fleet: DesiredFleet,
        after earlier: [EarlierGroup]
    ) async throws -> FleetObservation {
        let oldest = files.values.map(\.writtenAt).min() ?? .present
        let paged = PagedService(
            over: StillCaller(moment: moment ?? oldest),
            accounts: fleet.accounts.map(\.id),
            regions: fleet.regions,
            earlier: earlier,
            uptime: { Uptime.now },
            transport: { call, place in try answer(to: call, at: place) }
        )
        return try await paged.refresh()
    }

    private func answer(to call: Call, at place: Place) throws -> Answer {
        let kind: ListingFile.Kind = call.operation == "DescribeClusters" ? .clusters : .backups
        guard let file = files[Key(place: place, kind: kind)] else {
            throw Trouble("no file lists the \(kind.words) of \(place)", .failure)
        }
        let answer = try file.answer(from: place)
        // A cluster is asked for by its id where no page lists it.
        guard case .describeClusters(let request) = call, case .clusters(let all, _) = answer
        else { return answer }
        return .clusters(all.filter(request.lists), nextToken: nil)
    }

    private static func region(
        of file: ListingFile,
        in fleet: DesiredFleet,
        else given: Region?
    ) throws -> Region {
        guard file.regions.count <= 1 else {
            let names = file.regions.sorted().map(\.description).joined(separator: ", ")
            throw Trouble("\(file.path) lists several Regions (\(names)): one file each", .failure)
        }
        guard let region = file.regions.first ?? given else {
            throw Trouble(
                "nothing in \(file.path) tells its Region: say --region",
                .failure
            )
        }
        guard fleet.regions.contains(region) else {
            throw Trouble(
                "\(file.path) is of \(region), which is not among the fleet's regions",
                .failure
            )
        }
        return region
    }

    private static func account(
        of file: ListingFile,
        in fleet: DesiredFleet,
        else given: AccountID?
    ) throws -> AccountID {
        let known = fleet.accounts.map(\.id)
        let only = known.count == 1 ? known.first : nil
        guard file.accounts.count <= 1, let account = file.accounts.first ?? given ?? only else {
            throw Trouble("\(file.path) does not tell one account: say --account", .failure)
        }
        guard known.contains(account) else {
            throw Trouble(
                "\(file.path) is of account \(account), which is not among the fleet's accounts",
                .failure
            )
        }
        return account
    }
}

extension ListingFile.Kind {
    /// What is listed.
    var words: String {
        switch self {
        case .clusters: "clusters"
        case .backups: "backups"
        }
    }
}

/// A clock that stands still, and nothing to call.
private struct StillCaller: HSMCaller {
    let moment: Timestamp

    func now() -> Timestamp { moment }

    func sign(_ call: Call, at place: Place, in group: GroupID?) throws -> SignedCall {
        throw RecordedService.NothingIsSent()
    }

    func send(_ call: SignedCall) throws -> Answer { throw RecordedService.NothingIsSent() }

    func wait(_ span: Duration) throws { throw RecordedService.NothingIsSent() }
}
