/// Names a page in messages.
struct PageName: Hashable, Sendable, CustomStringConvertible {
    /// The operations that list.
    enum Operation: String, Sendable {
        case describeClusters = "DescribeClusters"
        case describeBackups = "DescribeBackups"
    }

    let operation: Operation

    /// From 1.
    let number: Int

    var description: String { "page \(number) of \(operation.rawValue)" }
}

/// Something listed, and the page it stood on.
struct Listed<Item: Sendable>: Sendable {
    let item: Item
    let page: PageName
}
