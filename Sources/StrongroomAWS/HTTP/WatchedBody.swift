internal import NIOCore
internal import Synchronization

/// A body that knows whether it was asked for.
///
/// The client asks for a body once it has a connection and has written the head. As long as it has
/// not asked, the other end cannot have the whole request, whatever error comes up.
final class WatchedBody: AsyncSequence, Sendable {
    typealias Element = ByteBuffer

    let bytes: [UInt8]

    private let wasAsked = Atomic(false)

    init(_ bytes: [UInt8]) {
        self.bytes = bytes
    }

    /// Whether the body was asked for, and so may have been sent.
    var mayHaveLeft: Bool { wasAsked.load(ordering: .acquiring) }

    func makeAsyncIterator() -> Iterator { Iterator(body: self) }

    struct Iterator: AsyncIteratorProtocol {
        fileprivate let body: WatchedBody
        private var isDone = false

        fileprivate init(body: WatchedBody) {
            self.body = body
        }

        mutating func next() async -> ByteBuffer? {
            guard !isDone else { return nil }
            isDone = true
            body.wasAsked.store(true, ordering: .releasing)
            return ByteBuffer(bytes: body.bytes)
        }
    }
}
