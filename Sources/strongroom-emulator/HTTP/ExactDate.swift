import CloudHSM
import HTTPTypes
import NIOCore
import NIOHTTPTypes

/// Gives every answer the date of the moment it is sent.
///
/// The server's own date is up to a second old, and clients measure their clocks against it: the
/// service's lies between their sending and receiving.
final class ExactDate: ChannelOutboundHandler, RemovableChannelHandler {
    typealias OutboundIn = HTTPResponsePart
    typealias OutboundOut = HTTPResponsePart

    func write(
        context: ChannelHandlerContext,
        data: NIOAny,
        promise: EventLoopPromise<Void>?
    ) {
        guard case .head(var head) = unwrapOutboundIn(data) else {
            context.write(data, promise: promise)
            return
        }
        head.headerFields[.date] = HTTPDate.text(of: .present)
        context.write(wrapOutboundOut(.head(head)), promise: promise)
    }
}

/// Moments as HTTP writes them: `Fri, 27 Nov 2026 16:37:19 GMT`.
///
/// Source: RFC 9110, section 5.6.7.
enum HTTPDate {
    private static let weekdays = ["Thu", "Fri", "Sat", "Sun", "Mon", "Tue", "Wed"]
    private static let months = [
        "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
    ]

    /// Writes a moment.
    ///
    /// - Parameter moment: A moment of the years 1970 to 9999; fractions of its second are cut off.
    /// - Returns: The text.
    static func text(of moment: Timestamp) -> String {
        // 1970-01-01 was a Thursday.
        let weekday = weekdays[Int(moment.milliseconds / 86_400_000) % 7]
        let text = moment.description
        let date = text.prefix(10).split(separator: "-")
        let month = months[(Int(date[1]) ?? 1) - 1]
        return "\(weekday), \(date[2]) \(month) \(date[0]) \(text.dropFirst(11).prefix(8)) GMT"
    }
}
