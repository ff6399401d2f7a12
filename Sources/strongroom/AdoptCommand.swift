import ArgumentParser
import CloudHSM
import StrongroomManifest
import StrongroomModel
import StrongroomReport

/// Writes manifests for what exists and no manifest names.
struct Adopt: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Write manifests for clusters that exist and no manifest names.",
        discussion: """
            Each is planned before it is written, and written only if nothing would be changed by \
            it. No file is overwritten. Certificates are not read, and tags that may hold a secret \
            are left out.

            """
                + ExitStatus.help(
                    .done,
                    .failure,
                    .partlyApplied,
                    .unread,
                    .refusedBySafety,
                    .interrupted,
                    .terminated
                )
                    + """

                    For adopt, 3 means that some were not written, and 4 that none was, because a plan \
                    from them would not be empty.
                    """
    )

    @OptionGroup var options: CommonOptions

    @Option(
        help: ArgumentHelp("Only clusters of this account.", valueName: "name or id")
    )
    var account: String?

    @Option(
        help: ArgumentHelp("Only clusters that live in this Region.", valueName: "region"),
        transform: { text in
            guard let region = Region(text) else {
                throw ValidationError("'\(text)' is not a Region; write it like us-east-1")
            }
            return region
        }
    )
    var region: Region?

    @Option(
        help: ArgumentHelp("Only this cluster.", valueName: "cluster id"),
        transform: { text in
            guard let id = ClusterID(text) else {
                throw ValidationError("'\(text)' is not a cluster id, such as cluster-2ndsmpk7w5q")
            }
            return id
        }
    )
    var cluster: ClusterID?

    @Option(
        help: ArgumentHelp(
            "What to call the cluster; else its tags decide, or its id.",
            valueName: "name"
        )
    )
    var name: String?

    @Option(
        name: [.customShort("o"), .customLong("output")],
        help: ArgumentHelp(
            "Where to write NAME.yaml, or - for standard output.",
            discussion: "Without it, beside the manifest of the fleet.",
            valueName: "directory"
        ),
        completion: .directory
    )
    var output: String?

    func validate() throws {
        if options.selector != nil {
            throw ValidationError(
                "--selector goes by the labels of manifests; take --account, --region or --cluster"
            )
        }
        guard let name else { return }
        if cluster == nil { throw ValidationError("--name goes with --cluster") }
        guard ManifestName.isValid(name) else {
            throw ValidationError(
                "'\(name)' is not a name: lower-case letters, digits, hyphens and dots, at most 63"
            )
        }
    }

    func run() async throws {
        let terminal = options.run.terminal
        try await terminal.run {
            let manifests = ManifestSource(options.manifestPaths)
            let house = try await House.open(manifests, options, for: .reading)
            let place = try NewManifests.Place(output, beside: house.fleet)
            let choice = try AdoptionChoice(self, in: house.fleet)
            let adoption = Adoption(house: house, manifests: manifests, choice: choice)
            let outcome = try await adoption.run()
            try NewManifests(outcome.proven).write(to: place, terminal)
            AdoptionText(outcome, at: house.service.present, place, of: house.fleet)
                .show(on: terminal)
            return outcome.status
        }
    }
}
