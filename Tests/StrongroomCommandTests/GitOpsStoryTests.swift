import Foundation
import Testing

/// The whole way of a fleet at AWS, with the built programs and real sockets: a plan in CI without
/// credentials, apply, ticks from cron while the clock runs fast, the loss of a Region, recovery.
@Suite("At AWS")
struct GitOpsStoryTests {
    private let folder: Folder
    private let aws: EmulatedAWS

    init() throws {
        folder = try Folder()
        aws = try EmulatedAWS(in: folder, "--speed", "600", "--auto-activate")
        try folder.write(Self.fleet, to: "tree/fleet.yaml")
        try folder.write(Self.payments, to: "tree/payments.yaml")
    }

    private static let fleet = """
        apiVersion: strongroom/v1
        kind: Fleet
        metadata: { name: acme }
        spec:
          service: aws
          state: ./state
          accounts:
            - name: prod
              id: "111122223333"
              roleArn: arn:aws:iam::111122223333:role/strongroom
          regions: [us-east-1, eu-west-1]

        """

    private static let payments = """
        apiVersion: strongroom/v1
        kind: Cluster
        metadata: { name: payments }
        spec:
          region: us-east-1
          account: prod
          hsmType: hsm2m.medium
          mode: FIPS
          subnets: { us-east-1a: subnet-0a1b2c3d, us-east-1b: subnet-1a2b3c4d }
          hsms: 2
          backups: { retentionDays: 90, maxAge: 26h, keepAtLeast: 2 }
          copies: [{ region: eu-west-1, maxAge: 48h, retentionDays: 30, keepAtLeast: 1 }]
          initialization: { certificate: certs/payments.crt, trustAnchor: certs/root.crt }

        """

    private static let rebuilt = """
        apiVersion: strongroom/v1
        kind: Cluster
        metadata: { name: payments-dr }
        spec:
          region: eu-west-1
          account: prod
          hsmType: hsm2m.medium
          mode: FIPS
          subnets: { eu-west-1a: subnet-0a1b2c3e, eu-west-1b: subnet-1a2b3c4e }
          hsms: 2
          backups: { retentionDays: 30, keepAtLeast: 1 }
          restoreFrom: { cluster: payments, whenRegionLost: useNewestCopy }

        """

    /// Runs the program by the emulator's clock.
    private func strongroom(_ command: String, _ more: String...) async throws -> Program.Ended {
        let isActing = ["apply", "reconcile"].contains(command)
        return try await Program.run(
            [command, "tree", "--emulator-clock"] + (isActing ? ["--allow-endpoint"] : []) + more,
            in: folder,
            environment: aws.environment
        )
    }

    /// Runs the program where nobody has credentials, as a job on a pull request does.
    private func inCI(_ more: String...) async throws -> Program.Ended {
        try await Program.run(
            ["plan", "tree", "--offline"] + more,
            in: folder,
            environment: ["AWS_EC2_METADATA_DISABLED": "true"]
        )
    }

    private func apply() async throws -> Program.Ended {
        let ended = try await strongroom("apply", "--yes")
        #expect(ended.status == 0, "\(ended.out)\n\(ended.err)")
        return ended
    }

    /// Stands in for the person who signs the cluster's request, with OpenSSL as the guide shows.
    private func sign() async throws {
        let status = try await strongroom("status", "--format", "json")
        let request = try #require(Self.signingRequest(in: status.out), "\(status.out)")
        try folder.write(request, to: "tree/certs/payments.csr")
        let script = """
            cd tree/certs && openssl req -x509 -newkey rsa:2048 -nodes -keyout root.key \
            -out root.crt -days 3650 -subj /CN=root && openssl x509 -req -days 3650 \
            -in payments.csr -CA root.crt -CAkey root.key -CAcreateserial -out payments.crt
            """
        let ended = try await Program.start(["-c", script], in: folder, program: "/bin/sh").end()
        try #require(ended.status == 0, "\(ended.err)")
    }

    private static func signingRequest(in json: String) -> String? {
        let value = try? JSONSerialization.jsonObject(with: Data(json.utf8))
        let clusters = (value as? [String: Any])?["clusters"] as? [[String: Any]] ?? []
        return clusters.lazy.compactMap { ($0["signing"] as? [String: Any])?["request"] as? String }
            .first
    }

    @Test("a fleet goes from nothing to a lost Region and back, by edits of manifests")
    func wholeStory() async throws {
        // Nothing is known, so nothing can be planned without asking.
        #expect(try await inCI().status == 10)
        let first = try await strongroom("observe")
        #expect(first.status == 0, "\(first.err)")
        #expect(
            first.out.hasSuffix("0 clusters and 0 READY backups in 2 Regions\n"),
            "\(first.out)"
        )
        let proposed = try await inCI()
        #expect(proposed.status == 0, "\(proposed.err)")
        #expect(proposed.out.contains("+ create cluster"), "\(proposed.out)")

        // Merged: one HSM, then the certificate, then the rest.
        #expect(try await apply().out.contains("done         + add HSM us-east-1a"))
        try await sign()
        #expect(try await apply().out.contains("done         ~ initialise"))
        let grown = try await apply()
        #expect(grown.out.contains("done         + add HSM us-east-1b"), "\(grown.out)")
        // The backup that activation made may be READY by then, or still come.
        #expect(grown.out.contains("done         > copy ") && grown.out.contains("→ eu-west-1"))
        #expect(grown.err.contains("assumed-role/strongroom/"), "who acts is said: \(grown.err)")
        #expect(grown.err.contains("calls go to \(aws.url)"))
        let rest = try await strongroom("plan", "--detailed-exitcode")
        #expect(rest.status == 0, "\(rest.out)")
        #expect(rest.out.contains("endpoint \(aws.url)"))

        // Days go by under cron; copies are renewed, and a quiet tick says nothing.
        for _ in 0..<4 {
            try await aws.undergo("advance?by=1d")
            for _ in 0..<3 {
                let tick = try await strongroom("reconcile")
                #expect([0, 3].contains(tick.status), "\(tick.out)\n\(tick.err)")
                try await aws.undergo("advance?by=15m")
            }
        }
        let settled = try await strongroom("status")
        #expect(settled.out.contains("2 of 2 HSMs healthy"), "\(settled.out)")
        #expect(!settled.out.contains("STALE"), "\(settled.out)")

        // The Region is gone: nothing is done to what cannot be seen.
        try await aws.undergo("lose-region?region=us-east-1")
        let blind = try await strongroom("plan")
        #expect(blind.status == 5, "\(blind.out)\(blind.err)")
        #expect(blind.out.contains("us-east-1 was not read"), "\(blind.out)")
        #expect(blind.out.contains("plan: nothing to do now, 1 not read, 1 place not read"))

        // An edit rebuilds it elsewhere from the newest copy.
        try folder.write(Self.rebuilt, to: "tree/payments-dr.yaml")
        let recovery = try await strongroom("plan")
        #expect(recovery.out.contains("the newest copy in eu-west-1"), "\(recovery.out)")
        let whole = "2 of 2 wanted (eu-west-1a 1, eu-west-1b 1)"
        var recovered = ""
        // In this world hours go by while a Region that does not answer is asked again.
        for _ in 0..<6 where !recovered.contains(whole) {
            _ = try await strongroom("apply", "--yes")
            recovered = try await strongroom("status").out
        }
        #expect(recovered.contains(whole), "\(recovered)")

        // It comes back, and nothing was made twice.
        try await aws.undergo("regain-region?region=us-east-1")
        let back = try await strongroom("status")
        #expect(back.out.contains("acme: 2 clusters, 4 of 4 HSMs healthy"), "\(back.out)")
        #expect(try aws.operationsCalled().subtracting(await allowed("--full")) == [])
    }

    /// The operations of CloudHSM that the printed policy allows; STS's own need no permission.
    private func allowed(_ more: String...) async throws -> Set<String> {
        let policy = try await Program.run(["permissions", "tree"] + more, in: folder)
        #expect(policy.status == 0, "\(policy.err)")
        let actions = policy.out.split(separator: "\"").filter { $0.hasPrefix("cloudhsm:") }
        return Set(actions.map { String($0.dropFirst("cloudhsm:".count)) })
    }

    @Test("observing and planning call just what the policy for reading allows")
    func readingNeedsTheReadOnlyPolicy() async throws {
        #expect(try await strongroom("observe").status == 0)
        #expect(try await strongroom("plan").status == 0)
        #expect(try await strongroom("status").status == 0)
        #expect(try aws.operationsCalled() == (try await allowed()))
    }

    @Test("nothing is changed at an address that is not the service's own unless it is allowed")
    func addressIsAllowed() async throws {
        _ = try await strongroom("observe")
        let ended = try await Program.run(
            ["apply", "tree", "--yes", "--emulator-clock"],
            in: folder,
            environment: aws.environment
        )
        #expect(ended.status == 4, "\(ended.out)")
        #expect(ended.err.contains("--allow-endpoint"), "\(ended.err)")
        let seen = try await strongroom("observe")
        #expect(seen.out.hasSuffix("0 clusters and 0 READY backups in 2 Regions\n"))
    }

    @Test("a plan that was approved for one address is refused at another")
    func planIsBoundToItsAddress() async throws {
        let one = try EmulatedAWS(in: folder)
        let other = try EmulatedAWS(in: folder)
        let run = { (arguments: [String], aws: EmulatedAWS) in
            try await Program.run(arguments, in: folder, environment: aws.environment)
        }
        #expect(try await run(["observe", "tree"], one).status == 0)
        let saved = try await run(["plan", "tree", "-o", "plan.json"], one)
        #expect(saved.status == 0, "\(saved.err)")
        let apply = ["apply", "plan.json", "tree", "--yes", "--allow-endpoint"]
        let ended = try await run(apply, other)
        #expect(ended.status == 6, "\(ended.out)")
        #expect(ended.err.contains("it was made for \(one.url)"), "\(ended.err)")
    }

    @Test("no key or token is in anything that is written or said")
    func nothingSecretIsKept() async throws {
        let seen = try await strongroom("observe", "--trace")
        let acted = try await strongroom("apply", "--yes", "--trace")
        #expect(seen.err.contains("operation=DescribeClusters"), "\(seen.err)")
        #expect(acted.err.contains("operation=CreateCluster"), "\(acted.err)")
        let secret = Data("this-development-key-is-in-no-way-secret".utf8)
        for text in [seen.out, seen.err, acted.out, acted.err] {
            #expect(!text.contains("in-no-way-secret"))
            #expect(!text.contains("Signature="))
        }
        for (path, bytes) in try folder.contents(below: "tree") {
            #expect(bytes.range(of: secret) == nil, "\(path)")
        }
    }
}
