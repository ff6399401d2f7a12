import CloudHSM
import StrongroomModel

/// A value and the text it was written in: the cluster's manifest or the fleet's.
struct Inherited<Value: Sendable> {
    /// The value and its place in its text.
    let spanned: Spanned<Value>

    /// Whether it is the fleet's default.
    let isDefault: Bool

    /// The value.
    var value: Value { spanned.value }
}

/// A cluster's `backups`, with the fleet's defaults where it says nothing.
struct EffectiveBackups {
    let retention: Inherited<RetentionPeriod>?
    let maxAge: Inherited<Duration>?
    let whenStale: Inherited<StaleBackupResponse>?
    let keepAtLeast: Inherited<Int>?

    /// Joins what a cluster says with a fleet's defaults.
    init(_ own: WrittenBackups, defaults: WrittenBackups?) {
        retention = Self.choose(own.retention, defaults?.retention)
        maxAge = Self.choose(own.maxAge, defaults?.maxAge)
        whenStale = Self.choose(own.whenStale, defaults?.whenStale)
        keepAtLeast = Self.choose(own.keepAtLeast, defaults?.keepAtLeast)
    }

    private static func choose<Value>(
        _ own: Spanned<Value>?,
        _ common: Spanned<Value>?
    ) -> Inherited<Value>? {
        if let own { return Inherited(spanned: own, isDefault: false) }
        return common.map { Inherited(spanned: $0, isDefault: true) }
    }

    /// Where in the cluster's manifest to show a mistake about two values: at the first that is
    /// written there; nil if both are defaults.
    static func span<One, Other>(_ one: Inherited<One>, _ other: Inherited<Other>) -> Span? {
        if !one.isDefault { return one.spanned.span }
        return other.isDefault ? nil : other.spanned.span
    }
}
