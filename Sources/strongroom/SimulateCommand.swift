import ArgumentParser
import CloudHSM
import Foundation
import StrongroomModel
import StrongroomReport
import StrongroomSimulator

/// Stands in for what happens at the service, or on the data plane, outside the API.
struct Simulate: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Stand in for what happens at the simulated service outside the API.",
        discussion: ExitStatus.help(.done, .failure, .tryLater, .interrupted, .terminated),
        subcommands: [
            Advance.self, Sign.self, Activate.self, ChangeMaterial.self, ReplaceHSM.self,
            DegradeHSM.self, DeleteBackup.self, LoseRegion.self, RegainRegion.self,
            Skew.self,
        ]
    )
}

extension Simulate {
    /// Lets time pass.
    struct Advance: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Let time pass: daily backups, retention, deadlines, whatever is under way."
        )

        @Argument(
            help: "How long, such as 90m, 26h or 3d.",
            transform: { text in
                guard let span = SpanText.duration(text) else {
                    throw ValidationError("'\(text)' is not a span; write it like 90m, 26h or 3d")
                }
                return span
            }
        )
        var span: Duration

        @OptionGroup var options: CommonOptions

        func run() async throws {
            try await options.changingWorld(for: "simulate advance") { house, terminal in
                let summary = try await house.simulator().advance(by: span)
                for event in summary.events {
                    terminal.show("\(event.at)  \(event.group.cluster)  \(event.kind)\n")
                }
                let left = summary.eventCount - summary.events.count
                if left > 0 { terminal.show("... and \(left) more events\n") }
                terminal.say("it is \(summary.to) now")
            }
        }
    }

    /// Signs a cluster's request, as the owner of its root certificate would.
    struct Sign: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Sign a new cluster's request: write the files its manifest names."
        )

        @Argument(help: "The cluster's name in the manifests.")
        var cluster: String

        @OptionGroup var options: CommonOptions

        func run() async throws {
            try await options.changingWorld(for: "simulate sign") { house, terminal in
                let desired = try house.desired(named: cluster)
                guard let files = desired.initialization?.value else {
                    throw Trouble("the manifest of \(cluster) names no certificates", .failure)
                }
                guard
                    let group = try await house.group(of: desired),
                    let request = group.cluster?.signingRequest
                else {
                    throw Trouble(
                        "\(cluster) shows no signing request: it needs to exist and to have its "
                            + "first HSM, and not be initialised yet",
                        .failure
                    )
                }
                let signed = SimulatedCertificate.signed(request)
                try WrittenFile.write(signed, to: files.certificate.path)
                try WrittenFile.write(SimulatedCertificate.trustAnchor, to: files.trustAnchor.path)
                terminal.say("wrote \(files.certificate.path) and \(files.trustAnchor.path)")
            }
        }
    }

    /// Sets the first officer's password.
    struct Activate: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Activate a cluster, as its first officer does with the CloudHSM client."
        )

        @Argument(help: "The cluster's name in the manifests, or its id.")
        var cluster: String

        @OptionGroup var options: CommonOptions

        func run() async throws {
            try await options.changingWorld(for: "simulate activate") { house, terminal in
                let id = try await house.clusterID(cluster)
                try house.simulator().activate(id)
                terminal.say("\(id) is ACTIVE; its first backup is being made")
            }
        }
    }

    /// Makes or removes users and keys.
    struct ChangeMaterial: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Make or remove users and keys: later backups hold another generation."
        )

        @Argument(help: "The cluster's name in the manifests, or its id.")
        var cluster: String

        @OptionGroup var options: CommonOptions

        func run() async throws {
            try await options.changingWorld(for: "simulate change-material") { house, terminal in
                let material = try house.simulator().changeMaterial(
                    of: try await house.clusterID(cluster)
                )
                terminal.say("it holds generation \(material.number) of \(material.cluster) now")
            }
        }
    }

    /// Replaces an HSM's hardware.
    struct ReplaceHSM: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "replace-hsm",
            abstract: "Replace an HSM's hardware, as AWS does: a new id on the same interface."
        )

        @Argument(help: "The HSM's id.", transform: Simulate.hsmID)
        var hsm: HSMID

        @OptionGroup var options: CommonOptions

        func run() async throws {
            try await options.changingWorld(for: "simulate replace-hsm") { house, terminal in
                let new = try house.simulator().replaceHSM(hsm)
                terminal.say("\(hsm) is \(new) now")
            }
        }
    }

    /// Lets an HSM fail.
    struct DegradeHSM: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "degrade-hsm",
            abstract: "Let an HSM fail: it is DEGRADED until the service has replaced it."
        )

        @Argument(help: "The HSM's id.", transform: Simulate.hsmID)
        var hsm: HSMID

        @OptionGroup var options: CommonOptions

        func run() async throws {
            try await options.changingWorld(for: "simulate degrade-hsm") { house, terminal in
                try house.simulator().degradeHSM(hsm)
                terminal.say("\(hsm) is DEGRADED")
            }
        }
    }

    /// Deletes a backup beside the manifests.
    struct DeleteBackup: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "delete-backup",
            abstract: "Delete a backup or copy beside the manifests, as a person can."
        )

        @Argument(help: "The backup's id.", transform: Simulate.backupID)
        var backup: BackupID

        @OptionGroup var options: CommonOptions

        func run() async throws {
            try await options.changingWorld(for: "simulate delete-backup") { house, terminal in
                guard let (group, region) = try house.home(of: backup) else {
                    throw Trouble("\(backup) is not listed: nothing was deleted", .failure)
                }
                _ = try house.simulator().perform(
                    .deleteBackup(CloudHSM.DeleteBackup(backup: backup)),
                    at: Place(account: group.home.account, region: region),
                    in: group
                )
                terminal.say("\(backup) in \(region) is pending deletion; nothing recorded why")
            }
        }
    }

    private static func backupID(_ text: String) throws -> BackupID {
        guard let id = BackupID(text) else {
            throw ValidationError("'\(text)' is not a backup's id; the state's files list them")
        }
        return id
    }

    /// Lets a Region fall silent.
    struct LoseRegion: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "lose-region",
            abstract: "Let a Region fall silent: nothing in it can be read or called."
        )

        @Argument(help: "The Region.", transform: Simulate.region)
        var region: Region

        @OptionGroup var options: CommonOptions

        func run() async throws {
            try await options.changingWorld(for: "simulate lose-region") { house, terminal in
                try house.simulator().loseRegion(region)
                terminal.say("\(region) does not answer any more")
            }
        }
    }

    /// Lets a Region answer again.
    struct RegainRegion: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "regain-region",
            abstract: "Let a lost Region answer again."
        )

        @Argument(help: "The Region.", transform: Simulate.region)
        var region: Region

        @OptionGroup var options: CommonOptions

        func run() async throws {
            try await options.changingWorld(for: "simulate regain-region") { house, terminal in
                try house.simulator().regainRegion(region)
                terminal.say("\(region) answers")
            }
        }
    }

    private static func region(_ text: String) throws -> Region {
        guard let region = Region(text) else {
            throw ValidationError("'\(text)' is not a Region; write it like us-east-1")
        }
        return region
    }

    private static func hsmID(_ text: String) throws -> HSMID {
        guard let id = HSMID(text) else {
            throw ValidationError("'\(text)' is not an HSM's id; strongroom status lists them")
        }
        return id
    }
}

extension CommonOptions {
    /// Opens the simulated world for writing, changes it, and keeps it.
    func changingWorld(
        for operation: String,
        _ change: (House, Terminal) async throws -> Void
    ) async throws {
        let terminal = run.terminal
        try await terminal.run {
            let house = try await House.open(self, for: .writing(operation, waitingAtMost: .zero))
            return try await StateDamage(in: house).weighing(on: terminal) {
                try await Trouble.explaining {
                    try await change(house, terminal)
                    try house.service.flush()
                    try house.finish()
                }
                return .done
            }
        }
    }
}

extension House {
    /// The manifest of that name.
    fileprivate func desired(named name: String) throws -> DesiredCluster {
        guard let desired = fleet.clusters.first(where: { $0.name.value == name }) else {
            let names = fleet.clusters.map(\.name.value).joined(separator: ", ")
            throw Trouble("no manifest is called \(name); there are: \(names)", .failure)
        }
        return desired
    }

    /// The cluster that a manifest means, if it exists.
    fileprivate func group(of desired: DesiredCluster) async throws -> ProtectionGroup? {
        for id in try simulator().inventory().groups {
            if let cluster = desired.clusterID?.value, cluster != id.cluster { continue }
            let group = try simulator().observe(id)
            guard
                desired.clusterID?.value == id.cluster
                    || (group.livingCluster != nil && group.ownedName == desired.name.value)
            else { continue }
            return group
        }
        return nil
    }

    /// The group and Region of a backup, if it is listed.
    fileprivate func home(of backup: BackupID) throws -> (GroupID, Region)? {
        for id in try simulator().inventory().groups {
            if let found = try simulator().observe(id).backup(backup) { return (id, found.region) }
        }
        return nil
    }

    /// The id behind a name of the manifests, or the id itself.
    fileprivate func clusterID(_ text: String) async throws -> ClusterID {
        if let id = ClusterID(text) { return id }
        guard let group = try await group(of: try desired(named: text)) else {
            throw Trouble("\(text) does not exist yet: apply its manifest first", .failure)
        }
        return group.id.cluster
    }
}
