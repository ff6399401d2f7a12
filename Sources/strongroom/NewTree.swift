/// The commented tree that `init` writes.
enum NewTree {
    /// Path to text.
    static let files = [
        "fleet.yaml": fleet,
        "clusters/payments.yaml": payments,
    ]

    /// What to type next.
    static func nextSteps(in directory: String) -> String {
        """
        Wrote \(directory)/fleet.yaml, \(directory)/clusters/payments.yaml and an empty simulated \
        service in \(directory)/state.

          strongroom plan \(directory)                        what would be done, and why
          strongroom apply \(directory)                       do it
          strongroom simulate sign payments \(directory)      sign the new cluster's request
          strongroom apply \(directory)                       claim it with the certificate
          strongroom simulate activate payments \(directory)  stand in for the first officer
          strongroom apply \(directory)                       add the second HSM, make the copy
          strongroom simulate advance 3d \(directory)         let three days pass

        """
    }

    private static let fleet = """
        # The fleet: where everything is and how careful to be. One per tree.
        # Every field is explained in schemas/manifest.md.
        apiVersion: strongroom/v1
        kind: Fleet
        metadata: { name: example }
        spec:
          service: simulator            # CloudHSM without AWS; its memory is the state directory
          state: ./state                # relative to this file
          regions: [us-east-1, eu-west-1]   # every Region to look at
          defaults: { backups: { retentionDays: 90, keepAtLeast: 2 } }
          safety:
            # All three hold, whoever runs it and however often; 0 means none.
            deletions: { perRun: 10, perDay: 20, ratio: 0.34 }

        """

    private static let payments = """
        # One cluster. A field that is left out is not managed: it is never "corrected".
        apiVersion: strongroom/v1
        kind: Cluster
        metadata:
          name: payments                # for people and for the cluster's tag
          labels: { env: prod }
        spec:
          region: us-east-1
          # clusterId: cluster-2ndsmpk7w5q   # to adopt one that exists
          hsmType: hsm2m.medium
          mode: FIPS
          networkType: IPV4
          subnets: { us-east-1a: subnet-0a1b2c3d, us-east-1b: subnet-1a2b3c4d }
          tags: { cost-center: "12345" }
          hsms: 2                       # spread over the zones above
          backups:
            retentionDays: 90           # 7 to 379
            maxAge: 26h                 # the newest READY backup is never older ...
            whenStale: force            # ... or one is caused by an HSM cycle (or: report)
          copies:
            - { region: eu-west-1, maxAge: 48h, retentionDays: 30 }
          # The files are awaited: the signing request exists only once the cluster does.
          initialization: { certificate: certs/payments.crt, trustAnchor: certs/root.crt }

        """
}
