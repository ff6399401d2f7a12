import ArgumentParser
import StrongroomReport
import StrongroomState

/// Signs a plan or an override that somebody has read.
struct Sign: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "sign",
        abstract: "Sign a saved plan or an override, once it has been read.",
        discussion: """
            The file is replaced by the signed one; an earlier signature goes. plan --sign signs \
            at once instead.

            """
                + ExitStatus.help(.done, .failure, .planStale)
    )

    @Argument(
        help: ArgumentHelp("The plan, or the override.", valueName: "file"),
        completion: .file(extensions: ["json"])
    )
    var file: String

    @Option(
        help: ArgumentHelp("The private key, as keygen wrote it.", valueName: "file"),
        completion: .file(extensions: ["pem"])
    )
    var key: String

    @OptionGroup var options: RunOptions

    func run() throws {
        let terminal = options.terminal
        do {
            let key = try SigningKey(file: key)
            let bytes = try GivenFile(file, "the file", for: .anyone).bytes
            try PrivateFile.write(try signed(bytes, by: key), to: file)
            terminal.say("signed: \(file) by the key \(key.trusted.id)")
        } catch let trouble as Trouble {
            terminal.say("error: \(trouble.text)")
            try trouble.status.exit()
        } catch {
            terminal.say("error: cannot sign \(file): \(error)")
            try ExitStatus.failure.exit()
        }
    }

    /// An override names its format near its beginning; everything else must be a plan.
    private func signed(_ bytes: [UInt8], by key: SigningKey) throws -> [UInt8] {
        let leave = Result { () throws(OverrideDocumentError) in try OverrideDocument(json: bytes) }
        let objection: OverrideDocumentError
        switch leave {
        case .success(let leave): return try leave.signed(by: key).json()
        case .failure(let error): objection = error
        }
        let plan: PlanDocument
        do throws(PlanDocumentError) {
            plan = try PlanDocument(json: bytes)
        } catch {
            let isOverride = String(decoding: bytes, as: UTF8.self)
                .contains(OverrideDocument.format)
            throw Trouble("\(file): \(isOverride ? "\(objection)" : "\(error)")", .planStale)
        }
        return try plan.signed(by: key).json()
    }
}
