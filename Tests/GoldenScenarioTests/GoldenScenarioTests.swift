import Foundation
import Testing

/// Every folder of Scenarios/ is a test; README.md says how to add one.
///
/// `STRONGROOM_RECORD=1` writes the plans into the folders instead; read the difference.
@Suite("Scenarios")
struct GoldenScenarioTests {
    static let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
        .appendingPathComponent("Scenarios")

    static let names: [String] = {
        let names = try? FileManager.default.contentsOfDirectory(atPath: folder.path)
        return (names ?? []).filter { !$0.hasPrefix(".") }.sorted()
    }()

    static let isRecording = ProcessInfo.processInfo.environment["STRONGROOM_RECORD"] == "1"

    @Test("print the plan they promise", arguments: names)
    func printTheirPlan(name: String) throws {
        let scenario = try GoldenScenario(folder: Self.folder.appendingPathComponent(name))
        let plan = try scenario.plan()
        guard !Self.isRecording else { return try scenario.record(plan) }
        #expect(plan == (try scenario.expected()), "\(name)/plan.txt")
    }

    @Test("give the same plan whatever the order of what is listed", arguments: names)
    func orderPlaysNoPart(name: String) throws {
        let scenario = try GoldenScenario(folder: Self.folder.appendingPathComponent(name))
        #expect(try scenario.plan() == scenario.reversed().plan())
    }
}
