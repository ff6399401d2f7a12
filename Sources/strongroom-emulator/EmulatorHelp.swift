import CloudHSM
import CloudHSMWire

/// What the help says beside the options.
enum EmulatorHelp {
    static let text = """
        Point any AWS client at it: the AWS command line, boto3, Terraform's AWS provider, or \
        Strongroom itself. All Regions and all accounts are served on the one port. The Region is \
        that of the host (cloudhsmv2.REGION.amazonaws.com), or else that of the signature.

          export AWS_ENDPOINT_URL=http://127.0.0.1:4577 AWS_DEFAULT_REGION=us-east-1
          export AWS_ACCESS_KEY_ID=\(AccessKey.development.id)
          export AWS_SECRET_ACCESS_KEY=\(AccessKey.development.secret.revealed)
          aws cloudhsmv2 describe-clusters

        WHAT PEOPLE DO
        Some things happen outside the API. The emulator offers them to this machine only:

          curl -X POST 'http://127.0.0.1:4577/_strongroom/activate?cluster=cluster-…'
              as the first officer does with the CloudHSM client, once the cluster is INITIALIZED;
              or start with --auto-activate, which does it at the next request
          curl -X POST 'http://127.0.0.1:4577/_strongroom/advance?by=3d'
          curl -X POST 'http://127.0.0.1:4577/_strongroom/lose-region?region=eu-west-1'
          curl -X POST 'http://127.0.0.1:4577/_strongroom/regain-region?region=eu-west-1'
          curl 'http://127.0.0.1:4577/_strongroom/clock'

        A cluster's request (ClusterCsr) can be signed with OpenSSL, as AWS's guide shows it. \
        InitializeCluster checks that the certificate holds the request's key, and not who signed \
        it.

        TIME
        Resources carry the time of the simulated world, which begins at the present and runs \
        --speed times as fast. The Date header and the check of signatures keep to the real clock, \
        or no client could sign. At --speed 1, without "advance", both agree. Faster, what is \
        created now seems to lie in a client's future: a client that compares CreateTimestamp with \
        its own clock, or with Date, must take the world's time instead, which every answer has in \
        x-strongroom-world-time.

        ROLES
        STS answers GetCallerIdentity, AssumeRole and AssumeRoleWithWebIdentity on the same port; \
        every role of every account may be taken.

        EXIT CODES:
          0   ended by SIGTERM or SIGINT
          1   something failed
          64  wrong usage
          75  somebody else holds the state directory: try later
        """
}
