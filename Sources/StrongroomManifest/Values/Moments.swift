import CloudHSM

extension Field {
    /// A moment with a zone; nil, and noted, if it is none.
    func timestamp() -> Spanned<Timestamp>? {
        guard let scalar = scalar() else { return nil }
        do {
            return Spanned(try TimestampText.timestamp(scalar.text), at: node.span)
        } catch {
            report(NotAMoment(text: scalar.text, name: name, refusal: error))
            return nil
        }
    }
}

/// A text that does not say exactly when.
struct NotAMoment: Mistake {
    let text: String
    let name: String
    let refusal: TimestampText.Refusal

    var rule: String {
        switch refusal {
        case .withoutZone: "timestamp-without-zone"
        case .noSuchMoment: "no-such-moment"
        case .malformed: "malformed-timestamp"
        }
    }

    var message: String {
        switch refusal {
        case .withoutZone: "\(name) is \(quoted(text)), which has no time zone"
        case .noSuchMoment: "\(name) is \(quoted(text)), which is in no calendar"
        case .malformed: "\(name) is \(quoted(text)), which is not an RFC 3339 timestamp"
        }
    }

    var help: String {
        switch refusal {
        case .withoutZone: "write date, time and zone, for example 2026-07-01T00:00:00Z"
        case .noSuchMoment: "check the day, the hour and the offset"
        case .malformed: "write for example 2026-07-01T00:00:00Z or 2026-07-01T02:00:00+02:00"
        }
    }
}
