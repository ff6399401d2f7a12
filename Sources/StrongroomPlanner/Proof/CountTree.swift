/// How many of a row's places are marked, asked by range: a Fenwick tree.
///
/// Marking and asking take time in the logarithm of the row's length, so a purge of ten thousand
/// backups is read in one go.
struct CountTree {
    private var sums: [Int]
    private var marks: [Bool]

    /// A row of places without marks.
    init(places: Int) {
        sums = Array(repeating: 0, count: places + 1)
        marks = Array(repeating: false, count: places)
    }

    func isMarked(_ place: Int) -> Bool { marks[place] }

    mutating func set(_ place: Int, to isMarked: Bool) {
        guard marks[place] != isMarked else { return }
        marks[place] = isMarked
        var index = place + 1
        while index < sums.count {
            sums[index] += isMarked ? 1 : -1
            index += index & -index
        }
    }

    /// How many places from one on are marked.
    func count(from place: Int) -> Int { below(marks.count) - below(place) }

    private func below(_ place: Int) -> Int {
        var index = place
        var sum = 0
        while index > 0 {
            sum += sums[index]
            index -= index & -index
        }
        return sum
    }
}
