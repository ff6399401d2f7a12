import CloudHSM
import CloudHSMWire
import Foundation
import StrictJSON
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

        /// What the AWS command line calls it.
        fileprivate var command: String {
            switch self {
            case .clusters: "describe-clusters"
            case .backups: "describe-backups"
            }
        }

        fileprivate var shape: ListingShape {
            switch self {
            case .clusters: .clusters
            case .backups: .backups
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
        let tree = try Self.tree(bytes, path)
        kind = try Self.kind(of: tree, in: bytes, path)
        if let fault = kind.shape.firstFault(in: tree) {
            throw Self.trouble(path, fault, in: bytes)
        }
        isWhole = tree["NextToken"]?.string?.isEmpty ?? true
        let items = tree[kind.rawValue]?.elements ?? []
        let places = items.map { [kind] item in ItemPlace(item, kind) }
        regions = Set(places.compactMap(\.region))
        accounts = Set(places.compactMap(\.account))
    }

    private static func tree(_ bytes: [UInt8], _ path: String) throws -> JSONTree {
        do throws(JSONRefusal) {
            return try StrictJSON.read(bytes, StrictJSON.Limits(bytes: 1 << 30))
        } catch {
            throw trouble(path, error)
        }
    }

    private static func kind(
        of tree: JSONTree,
        in bytes: [UInt8],
        _ path: String
    ) throws -> Kind {
        let kinds = [Kind.clusters, .backups].filter { tree[$0.rawValue]?.elements != nil }
        guard let kind = kinds.first else {
            if let fault = ListingShape.any.firstFault(in: tree) {
                throw trouble(path, fault, in: bytes)
            }
            throw Trouble(
                "\(path) has neither a list Clusters nor a list Backups: it must hold what aws "
                    + "cloudhsmv2 describe-clusters or describe-backups prints, as JSON",
                .failure
            )
        }
        guard kinds.count == 1 else {
            throw Trouble(
                "\(path) has a list Clusters and a list Backups: write each into a file of its own",
                .failure
            )
        }
        return kind
    }

    private static func trouble(
        _ path: String,
        _ fault: ListingShape.Fault,
        in bytes: [UInt8]
    ) -> Trouble {
        trouble(
            path,
            StrictJSON.refusal(fault.reason, at: fault.path, of: fault.part, in: bytes)
        )
    }

    private static func trouble(_ path: String, _ refusal: JSONRefusal) -> Trouble {
        Trouble("\(path): the listing cannot be read: \(refusal)", .failure)
    }

    /// What it lists, as the answer to the call that it was printed for.
    ///
    /// - Parameter place: The account and Region it is of.
    /// - Returns: The answer.
    /// - Throws: When it is no whole answer.
    func answer(from place: Place) throws -> Answer {
        guard isWhole else {
            throw unusable("\(path) ends with a NextToken: it is not the whole listing", of: place)
        }
        do throws(WireError) {
            return try AnswerCoding.decode(
                bytes,
                of: kind.call,
                region: place.region,
                account: place.account
            )
        } catch {
            let refusal = StrictJSON.refusal(
                .wrongValue("the value \(error.problem)"),
                at: JSONPath(names: error.place),
                in: bytes
            )
            throw unusable("\(path): the listing cannot be read: \(refusal)", of: place)
        }
    }

    /// The service is in order: the file is to be made again.
    private func unusable(_ cause: String, of place: Place) -> Unusable {
        let command = "aws cloudhsmv2 \(kind.command) --region \(place.region) > \(path.shellWord)"
        return Unusable(
            unreadReason: UnreadReason(
                cause,
                next: "make the file again (\(command)), then strongroom observe --from"
            )
        )
    }

    /// Why a file is no whole answer.
    private struct Unusable: ReadingFailure, CustomStringConvertible {
        let unreadReason: UnreadReason
        var description: String { "\(unreadReason)" }
    }
}

/// The account and Region that an item of a listing tells, if any.
private struct ItemPlace {
    var region: Region?
    var account: AccountID?

    init(_ item: JSONTree, _ kind: ListingFile.Kind) {
        switch kind {
        case .clusters:
            guard case .object(let subnets)? = item["SubnetMapping"] else { return }
            region = subnets.keys.lazy.compactMap { AvailabilityZone($0)?.region }.first
        case .backups:
            // arn:aws:cloudhsm:REGION:ACCOUNT:backup/ID (fact sheet, section 2.1).
            guard let arn = item["BackupArn"]?.string else { return }
            let parts = arn.split(separator: ":", omittingEmptySubsequences: false).map(String.init)
            guard parts.count == 6 else { return }
            region = Region(parts[3])
            account = AccountID(parts[4])
        }
    }
}
