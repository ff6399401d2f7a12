import ArgumentParser
import StrongroomReport

/// Makes a key to sign plans with.
struct Keygen: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "keygen",
        abstract: "Make a key to sign plans with.",
        discussion: """
            Writes NAME.pem, the private key (Ed25519, PKCS#8), that only you can read, and \
            NAME.pub.pem, the public one, for apply --trusted-key. Neither is ever overwritten.

            """
                + ExitStatus.help(.done, .failure)
    )

    @Option(help: ArgumentHelp("What the two files are called.", valueName: "name"))
    var out = "strongroom-key"

    @OptionGroup var options: RunOptions

    func run() throws {
        let terminal = options.terminal
        let key = SigningKey()
        do {
            try write(key.pem, to: "\(out).pem")
            try write(key.trusted.pem, to: "\(out).pub.pem")
        } catch let trouble as Trouble {
            terminal.say("error: \(trouble.text)")
            try trouble.status.exit()
        }
        terminal.show(
            """
            private key: \(SafeText.terminal(out)).pem (keep it secret; plan --sign)
            public key:  \(SafeText.terminal(out)).pub.pem (apply --trusted-key)
            key id:      \(key.trusted.id)

            """
        )
        try terminal.end(.done)
    }

    private func write(_ pem: String, to path: String) throws {
        do {
            try NewFile.create(Array(pem.utf8), at: path)
        } catch {
            throw Trouble("cannot write \(path): \(error); nothing was overwritten", .failure)
        }
    }
}
