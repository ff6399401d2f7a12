public import CloudHSM
public import StrongroomModel

/// Carries a listing call to a place and brings the answer back; nothing is read past it.
///
/// It may try again by itself, because reading changes nothing, and sets its own time limits. What
/// it throws becomes the reason why a place was not read whole.
public typealias ReadTransport = @Sendable (_ call: Call, _ place: Place) async throws -> Answer
