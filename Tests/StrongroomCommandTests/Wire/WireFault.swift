import Foundation

/// What goes wrong with one request on its way.
enum WireFault: String, CaseIterable, Sendable {
    case cutBefore = "cut before it is passed on"
    case resetBefore = "reset before it is passed on"
    case cutAfter = "cut after it is passed on"
    case resetAfter = "reset after it is passed on"
    case cutInAnswer = "cut in the middle of the answer"
    case noAnswer = "passed on and never answered"
    case unknownType = "400 of an unknown type"
    case tooManyRequests = "429 without a body"
    case throttled = "ThrottlingException"
    case expiredToken = "ExpiredTokenException"
    case redirect = "307 to another host"
    case failedBefore = "500 instead of passing it on"
    case failedAfter = "500 after it is passed on"
    case unavailableBefore = "503 with HTML instead of passing it on"
    case unavailableAfter = "503 with HTML after it is passed on"
    case loginPage = "200 with HTML after it is passed on"
    case wrongType = "the answer called text/html"
    case halfJSON = "half the JSON"
    case hugeAnswer = "an answer without end"
    case nothingListed = "an untrue list of no clusters"
    case noBackupListed = "an untrue list of no backups"

    /// Those by which a client can see that something is wrong.
    static let visible = allCases.filter { ![.nothingListed, .noBackupListed].contains($0) }

    /// Those that are over at once; the one left out lasts as long as the client is patient, 30 s.
    static let quick = visible.filter { $0 != .noAnswer }

    /// Whether the service gets the request all the same.
    var isPassedOn: Bool {
        switch self {
        case .cutAfter, .resetAfter, .cutInAnswer, .noAnswer, .failedAfter, .unavailableAfter,
            .loginPage, .wrongType, .halfJSON, .hugeAnswer:
            true
        case .cutBefore, .resetBefore, .unknownType, .tooManyRequests, .throttled, .expiredToken,
            .redirect, .failedBefore, .unavailableBefore, .nothingListed, .noBackupListed:
            false
        }
    }

    /// Whether a listing that meets it can still be read whole: by another attempt, or as it is.
    var isPassingForListings: Bool {
        switch self {
        case .cutBefore, .resetBefore, .cutAfter, .resetAfter, .cutInAnswer, .noAnswer, .throttled,
            .expiredToken, .failedBefore, .failedAfter, .unavailableBefore, .unavailableAfter,
            .loginPage, .wrongType, .halfJSON, .tooManyRequests:
            true
        case .unknownType, .redirect, .hugeAnswer, .nothingListed, .noBackupListed: false
        }
    }

    /// What the client is to see.
    enum Sight {
        /// The connection ends.
        case end
        /// The connection is reset.
        case reset
        /// These bytes, and the connection goes on.
        case whole([UInt8])
        /// These bytes, and the connection ends.
        case part([UInt8])
        /// Nothing, until the client gives up.
        case nothing
    }

    /// What the client is to see.
    ///
    /// - Parameters:
    ///   - answer: The service's answer, if it was asked.
    ///   - trap: Where a redirect leads.
    /// - Returns: That.
    func sight(of answer: WireMessage?, trap: UInt16) -> Sight {
        switch self {
        case .cutBefore, .cutAfter: .end
        case .resetBefore, .resetAfter: .reset
        case .noAnswer: .nothing
        case .cutInAnswer: .part(Self.firstPart(of: answer))
        case .unknownType: .whole(Self.exception(400, "SomethingNewException"))
        case .tooManyRequests: .whole(WireMessage.answer(429, "text/plain", []).bytes)
        case .throttled: .whole(Self.exception(400, "ThrottlingException"))
        case .expiredToken: .whole(Self.exception(400, "ExpiredTokenException"))
        case .redirect: .whole(Self.redirect(to: trap))
        case .failedBefore, .failedAfter:
            .whole(Self.exception(500, "CloudHsmInternalFailureException"))
        case .unavailableBefore, .unavailableAfter: .whole(Self.page(503))
        case .loginPage: .whole(Self.page(200))
        case .wrongType: .whole(Self.renamed(answer))
        case .halfJSON: .whole(Self.half(of: answer))
        case .hugeAnswer: .part(Self.huge)
        case .nothingListed:
            .whole(WireMessage.answer(200, Self.json, Array(#"{"Clusters":[]}"#.utf8)).bytes)
        case .noBackupListed:
            .whole(WireMessage.answer(200, Self.json, Array(#"{"Backups":[]}"#.utf8)).bytes)
        }
    }
}

extension WireFault {
    private static let json = "application/x-amz-json-1.1"

    private static func exception(_ status: Int, _ name: String) -> [UInt8] {
        let body = #"{"__type":"\#(name)","message":"put in on purpose"}"#
        return WireMessage.answer(status, json, Array(body.utf8)).bytes
    }

    private static func page(_ status: Int) -> [UInt8] {
        let body = "<html><head><title>Please wait</title></head><body>\(status)</body></html>"
        return WireMessage.answer(status, "text/html", Array(body.utf8)).bytes
    }

    private static func redirect(to trap: UInt16) -> [UInt8] {
        let target = "Location: http://127.0.0.2:\(trap)/"
        return WireMessage.answer(307, json, [], headers: [target]).bytes
    }

    private static func firstPart(of answer: WireMessage?) -> [UInt8] {
        guard let answer else { return [] }
        return Array(answer.head.utf8) + answer.body.prefix(answer.body.count / 2)
    }

    private static func half(of answer: WireMessage?) -> [UInt8] {
        let body = answer?.body ?? []
        return WireMessage.answer(200, json, Array(body.prefix(body.count / 2))).bytes
    }

    private static func renamed(_ answer: WireMessage?) -> [UInt8] {
        WireMessage.answer(200, "text/html; charset=utf-8", answer?.body ?? []).bytes
    }

    /// More than any answer of the service can be.
    private static let huge: [UInt8] = {
        let size = 17 << 20
        let blank = [UInt8](repeating: 0x20, count: size)
        return WireMessage.answer(200, json, blank).bytes
    }()
}
