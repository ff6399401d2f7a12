import CloudHSM
import StrongroomModel
import StrongroomReport
import Testing

/// The last line says whose turn it is.
@Suite("Whose turn it is")
struct TurnTextTests {
    private func line(_ notes: Note...) -> String? {
        let group = GroupPlan(
            subject: PlanSubject(
                name: "payments",
                home: Sample.prod,
                cluster: nil
            ),
            standing: .managed,
            steps: [],
            notes: notes,
            unchangedCount: 0
        )
        return TurnText.line(for: Plan(fleet: "acme", now: Sample.now, groups: [group]))
    }

    private func note(_ kind: Note.Kind, _ rule: String, _ text: String) -> Note {
        Note(kind, "subject", Reason(rule: rule, text, at: nil))
    }

    @Test("what a rule holds is a person's")
    func held() {
        #expect(
            line(note(.held, "freeze", "nothing is changed"))
                == "What is held is a person's turn: strongroom plan names the rule and the way out."
        )
    }

    @Test("a call in doubt is time's, and nobody is sent to look for a rule")
    func doubt() throws {
        let text =
            "CreateHsm of us-east-1a, sent 10:00, has no known outcome; it is decided by 10:18"
        let said = try #require(self.line(note(.held, "journal", text)))
        #expect(said.contains("Whether a call was carried out is not known yet (payments"))
        #expect(said.contains(text) && said.contains("the next run looks"))
        #expect(!said.contains("person"))
    }

    @Test("both are said where there are both")
    func both() throws {
        let said = try #require(
            self.line(note(.held, "journal", "no known outcome"), note(.held, "freeze", "frozen"))
        )
        #expect(said.contains("What is held is a person's turn"))
        #expect(said.contains("Whether a call was carried out"))
    }
}
