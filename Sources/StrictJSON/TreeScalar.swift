/// A type that is read from a single value of a tree.
protocol TreeScalar {
    init(reading tree: JSONTree) throws(TreeMismatch)
}

/// A value that is not what is wanted.
struct TreeMismatch: Error {
    let words: String

    init(_ tree: JSONTree, _ expected: String) {
        words = "\(expected) is expected, and not \(tree.inWords)"
    }

    init(_ number: JSONNumber, _ fault: JSONNumber.Fault) {
        words = "\(fault): \(number.text)"
    }
}

extension Bool: TreeScalar {
    init(reading tree: JSONTree) throws(TreeMismatch) {
        guard case .bool(let value) = tree else { throw TreeMismatch(tree, "true or false") }
        self = value
    }
}

extension String: TreeScalar {
    init(reading tree: JSONTree) throws(TreeMismatch) {
        guard let text = tree.string else { throw TreeMismatch(tree, "text in double quotes") }
        self = text
    }
}

extension Double: TreeScalar {
    init(reading tree: JSONTree) throws(TreeMismatch) {
        let number = try JSONNumber(reading: tree)
        do throws(JSONNumber.Fault) {
            self = try number.decimal()
        } catch {
            throw TreeMismatch(number, error)
        }
    }
}

extension Float: TreeScalar {
    init(reading tree: JSONTree) throws(TreeMismatch) { self.init(try Double(reading: tree)) }
}

extension TreeScalar where Self: FixedWidthInteger {
    init(reading tree: JSONTree) throws(TreeMismatch) {
        let number = try JSONNumber(reading: tree)
        do throws(JSONNumber.Fault) {
            self = try number.integer(Self.self)
        } catch {
            throw TreeMismatch(number, error)
        }
    }
}

extension Int: TreeScalar {}
extension Int8: TreeScalar {}
extension Int16: TreeScalar {}
extension Int32: TreeScalar {}
extension Int64: TreeScalar {}
extension UInt: TreeScalar {}
extension UInt8: TreeScalar {}
extension UInt16: TreeScalar {}
extension UInt32: TreeScalar {}
extension UInt64: TreeScalar {}

extension JSONNumber {
    fileprivate init(reading tree: JSONTree) throws(TreeMismatch) {
        guard case .number(let number) = tree else { throw TreeMismatch(tree, "a number") }
        self = number
    }
}
