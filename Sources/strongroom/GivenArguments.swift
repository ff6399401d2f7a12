import ArgumentParser
import Foundation
import StrongroomText

/// What is typed behind the program's name, and what is said when it is not understood.
enum GivenArguments {
    /// Refuses arguments that are no text: what Swift makes of their bytes names another file.
    ///
    /// - Throws: `ValidationError` that shows the first such argument.
    static func requireText() throws {
        for index in 0..<Int(CommandLine.argc) {
            guard let argument = CommandLine.unsafeArgv[index] else { continue }
            let bytes = UnsafeBufferPointer(start: argument, count: strlen(argument)).map {
                UInt8(bitPattern: $0)
            }
            guard String(validating: bytes, as: UTF8.self) == nil else { continue }
            throw ValidationError(
                "the argument '\(ShownText.name(bytes))' is not UTF-8, and none is read in another "
                    + "encoding: write it in UTF-8, or rename what it names"
            )
        }
    }

    /// Ends the program with the message and the exit code of an error, as the parser would, and
    /// with nothing in the message that a terminal or a pipeline obeys.
    ///
    /// - Parameters:
    ///   - command: The command whose arguments they are.
    ///   - error: What went wrong, or a wish such as `--help`.
    static func end(_ command: (some ParsableArguments).Type, with error: any Error) -> Never {
        let terminal = Terminal(colour: .never)
        let code = command.exitCode(for: error)
        let text = command.fullMessage(for: error, columns: nil)
        if code == .success {
            if !text.isEmpty { terminal.show(text + "\n") }
            do {
                try terminal.end(.done)
            } catch {
                Foundation.exit(command.exitCode(for: error).rawValue)
            }
        } else if !text.isEmpty {
            terminal.talk(safe(text, command.message(for: error)) + "\n")
        }
        Foundation.exit(code.rawValue)
    }

    /// A text around a message that repeats arguments: a line break in the message is the parser's
    /// own only while no argument holds one.
    private static func safe(_ text: String, _ message: String) -> String {
        let isBroken = CommandLine.arguments.contains { $0.contains(where: \.isNewline) }
        guard isBroken, let place = text.firstRange(of: message) else { return text }
        return text.replacingCharacters(in: place, with: ShownText.line(message))
    }
}
