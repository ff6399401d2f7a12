import CloudHSM
import Foundation
import StrongroomModel
import StrongroomReport
import Testing

@Suite struct PlanMarkdownTests {
    @Test func aCommentShowsTotalsAndDeletionsFirst() throws {
        try Golden.expect(PlanMarkdown().text(of: RichPlan.plan), is: "plan.md")
    }

    @Test func aCommentOnAPlanWithNothingToDoIsShort() {
        let text = PlanMarkdown().text(of: Sample.plan([], unchanged: 14))
        #expect(text == "### Strongroom plan for acme\n\n**No changes. 14 unchanged.**\n")
    }

    @Test func aCommentNeverExceedsItsLimit() {
        let whole = PlanMarkdown().text(of: RichPlan.plan)
        let lines = whole.split(separator: "\n", omittingEmptySubsequences: false)
        var generator = SeededGenerator(seed: 20_261_123)
        let limits =
            stride(from: 0, to: 300, by: 5)
            + (0..<60).map { _ in
                Int.random(in: 0...whole.utf8.count + 10, using: &generator)
            }
        for limit in limits {
            let text = PlanMarkdown(maxBytes: limit).text(of: RichPlan.plan)
            #expect(text.utf8.count <= limit)
            guard text != whole, !text.isEmpty else { continue }
            let kept = text.split(separator: "\n", omittingEmptySubsequences: false)
            let same = zip(kept, lines).prefix { $0 == $1 }.count
            let note = kept.dropFirst(same).joined()
            #expect(note.contains("left out; `strongroom plan` shows the whole plan"), "\(limit)")
            #expect(
                text.components(separatedBy: "<details>").count
                    == text.components(separatedBy: "</details>").count,
                "limit \(limit)"
            )
        }
    }

    @Test func theNoteCountsTheLinesLeftOut() {
        let whole = PlanMarkdown().text(of: RichPlan.plan)
        let text = PlanMarkdown(maxBytes: whole.utf8.count - 1).text(of: RichPlan.plan)
        let all = whole.split(separator: "\n", omittingEmptySubsequences: false).count
        let left = text.firstMatch(of: /\*(\d+) lines? left out/).flatMap { Int($0.1) } ?? 0
        let kept = zip(
            whole.split(separator: "\n", omittingEmptySubsequences: false),
            text.split(separator: "\n", omittingEmptySubsequences: false)
        ).prefix { $0 == $1 }.count
        #expect(left > 0)
        #expect(all - 1 - left <= kept)
    }
}
