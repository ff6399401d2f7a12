import CloudHSM
import CloudHSMWire
import Foundation
import StrongroomModel

/// A file that holds what `aws cloudhsmv2 describe-clusters` or `describe-backups` prints.
struct ListingFile {
    /// The operations whose answers are files.
    enum Kind: String {
        case clusters = "Clusters"
        case backups = "Backups"

        /// The call that is answered.
        fileprivate var call: Call {
            switch self {
            case .clusters: .describeClusters(DescribeClusters())
            case .backups: .describeBackups(DescribeBackups())
            }
        }
    }

    let path: String
    let kind: Kind

    /// When it was written.
    let writtenAt: Timestamp

    /// The Regions and accounts that its items name; none where it has no item.
    let regions: Set<Region>
    let accounts: Set<AccountID>

    private let bytes: [UInt8]
    private let isWhole: Bool

    /// Reads a file.
    ///
    /// - Parameter path: The file.
    /// - Throws: ``Trouble`` if it cannot be read or is no such listing.
    init(path: String) throws {
        self.path = path
        let file = try GivenFile(path, "the listing", for: .anyone)
        bytes = file.bytes
        let attributes = try? FileManager.default.attributesOfItem(atPath: path)
        let date = attributes?[.modificationDate] as? Date
        writtenAt =
            date.map { Timestamp(milliseconds: Int64($0.timeIntervalSince1970 * 1000)) }
            ?? .present
        guard
            case .object(let fields)? = try? JSONDecoder().decode(JSONValue.self, from: Data(bytes)),
            let kind = [Kind.clusters, .backups].first(where: { fields[$0.rawValue] != nil }),
            case .array(let items)? = fields[kind.rawValue]
        else {
            throw Trouble(
                "\(path) has neither a list Clusters nor a list Backups: it must hold what aws "
                    + "cloudhsmv2 describe-clusters or describe-backups prints, as JSON",
                .failure
            )
        }
        self.kind = kind
        if case .string(let token)? = fields["NextToken"] {
            isWhole = token.isEmpty
        } else {
            isWhole = true
        }
        let places = items.map { ItemPlace($0, kind) }
        regions = Set(places.compactMap(\.region))
        accounts = Set(places.compactMap(\.account))
    }

    /// What it lists, as the answer to the call that it was printed for.
    ///
    /// - Parameter place: The account and Region it is of.
    /// - Returns: The answer.
    /// - Throws: When it is no whole answer.
    func answer(from place: Place) throws -> Answer {
        guard isWhole else {
            throw Trouble("\(path) ends with a NextToken: it is not the whole listing", .failure)
        }
        do {
            return try AnswerCoding.decode(
                bytes,
                of: kind.call,
                region: place.region,
                account: place.account
            )
        } catch {
            throw Trouble("\(path): \(error)", .failure)
        }
    }
}

/// The account and Region that an item of a listing tells, if any.
private struct ItemPlace {
    var region: Region?
    var account: AccountID?

    init(_ item: JSONValue, _ kind: ListingFile.Kind) {
        guard case .object(let fields) = item else { return }
        switch kind {
        case .clusters:
            guard case .object(let subnets)? = fields["SubnetMapping"] else { return }
            region = subnets.keys.lazy.compactMap { AvailabilityZone($0)?.region }.first
        case .backups:
            // arn:aws:cloudhsm:REGION:ACCOUNT:backup/ID (fact sheet, section 2.1).
            guard case .string(let arn)? = fields["BackupArn"] else { return }
            let parts = arn.split(separator: ":", omittingEmptySubsequences: false).map(String.init)
            guard parts.count == 6 else { return }
            region = Region(parts[3])
            account = AccountID(parts[4])
        }
    }
}
