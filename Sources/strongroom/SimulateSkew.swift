import ArgumentParser
import StrongroomModel
import StrongroomSimulator

extension Simulate {
    /// Lets this machine's clock be wrong.
    struct Skew: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Let this machine's clock run ahead of the service's; 0m sets it right."
        )

        @Argument(
            help: "How far, such as 90s, 5m or 0m.",
            transform: { text in
                guard let span = span(text) else {
                    throw ValidationError("'\(text)' is not a span; write it like 90s or 5m")
                }
                return span
            }
        )
        var ahead: Duration

        @OptionGroup var options: CommonOptions

        func run() async throws {
            try await options.changingWorld(for: "simulate skew") { house, terminal in
                try house.simulator().setSkew(ahead)
                terminal.say("this machine's clock is \(ahead.components.seconds) s ahead now")
            }
        }

        /// A span in seconds too, which manifests do not know.
        private static func span(_ text: String) -> Duration? {
            if text.hasSuffix("s"), let seconds = UInt16(text.dropLast()) {
                return .seconds(Int(seconds))
            }
            return text == "0m" ? .zero : SpanText.duration(text)
        }
    }
}
