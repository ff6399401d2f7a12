import CloudHSM
import StrongroomModel

/// A cluster's `hsms`: how many in all, or how many in each zone.
enum WrittenHSMs {
    case total(Spanned<Int>)
    case perZone(Spanned<[(zone: Spanned<AvailabilityZone>, count: Int)]>)

    /// How many HSMs one cluster, and so one zone of it, may have.
    static let counts = 0...Quotas.hsmsPerCluster

    /// Reads a number or a mapping of zones to numbers.
    init?(of field: Field) {
        guard case .mapping = field.node.content else {
            guard let total = field.integer(in: Self.counts) else { return nil }
            self = .total(total)
            return
        }
        guard let pairs = field.pairs(keyName: "a key of \(field.name)") else { return nil }
        guard !pairs.isEmpty else {
            field.report(ValueMistake.tooFew(field.name, least: "one zone"))
            return nil
        }
        let zones = pairs.compactMap { key, value -> (Spanned<AvailabilityZone>, Int)? in
            let zone = key.value(.zone)
            let count = value.integer(in: Self.counts)
            guard let zone, let count else { return nil }
            return (zone, count.value)
        }
        self = .perZone(Spanned(zones, at: field.keySpan))
    }

    /// Where the number, or the key of the mapping, is written.
    var span: Span {
        switch self {
        case .total(let total): total.span
        case .perZone(let zones): zones.span
        }
    }

    /// Whether it asks for no HSM at all, as far as it could be read.
    var asksForNone: Bool {
        switch self {
        case .total(let total): total.value == 0
        case .perZone(let zones):
            !zones.value.isEmpty && zones.value.allSatisfy { $0.count == 0 }
        }
    }

    /// The number as the other rooms know it.
    var desired: DesiredHSMs {
        switch self {
        case .total(let total): .total(total.value)
        case .perZone(let zones):
            .perZone(
                Dictionary(zones.value.map { ($0.zone.value, $0.count) }) { first, _ in first }
            )
        }
    }
}
