/// Finds the word somebody probably meant.
///
/// - Parameters:
///   - word: What was written.
///   - candidates: What could have been meant.
/// - Returns: The candidate with the fewest typing mistakes between them, the first of several; nil if
///   none is close (more than a third of its letters differ).
package func nearestWord(to word: String, among candidates: some Sequence<String>) -> String? {
    let written = letters(of: word)
    guard written.count <= 64 else { return nil }
    let best =
        candidates
        .map { (candidate: $0, distance: distance(from: written, to: letters(of: $0))) }
        .filter { $0.distance <= max(1, $0.candidate.count / 3) }
        .min { $0.distance < $1.distance }
    return best?.candidate
}

/// A word without what people write differently: case, hyphens and underscores.
private func letters(of word: String) -> [UInt8] {
    word.lowercased().utf8.filter { $0 != UInt8(ascii: "-") && $0 != UInt8(ascii: "_") }
}

/// The number of insertions, deletions, replacements and swaps of neighbours (optimal string
/// alignment) between two words.
private func distance(from left: [UInt8], to right: [UInt8]) -> Int {
    var beforeLast: [Int] = []
    var last = Array(0...right.count)
    for (row, letter) in left.enumerated() {
        var current = [row + 1]
        for (column, other) in right.enumerated() {
            var cost = min(
                last[column] + (letter == other ? 0 : 1),
                last[column + 1] + 1,
                current[column] + 1
            )
            if row > 0, column > 0, letter == right[column - 1], left[row - 1] == other {
                cost = min(cost, beforeLast[column - 1] + 1)
            }
            current.append(cost)
        }
        (beforeLast, last) = (last, current)
    }
    return last[right.count]
}
