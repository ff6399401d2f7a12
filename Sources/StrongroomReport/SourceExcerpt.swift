internal import StrongroomText

/// A source line made safe to show, cut to a width around a mistake, and what stands below it.
struct SourceExcerpt {
    /// The line, or the part of it around the mistake.
    let line: String

    /// What stands before the carets.
    let indent: String

    /// The carets, at least one.
    let carets: String

    /// The columns of a terminal that a tab is shown as.
    private static let tab = "    "

    /// Makes an excerpt.
    ///
    /// - Parameters:
    ///   - source: The line as written.
    ///   - column: Where the mistake begins, in scalars from 1; beyond the end means behind it.
    ///   - width: How many scalars it covers.
    ///   - room: Columns there are; `nil` for the whole line.
    init(_ source: String, column: Int, width: Int, room: Int?) {
        let cells = zip(source.unicodeScalars, ShownText.cells(source)).map {
            $0 == "\t" ? Self.tab : $1
        }
        let start = min(max(column - 1, 0), cells.count)
        let end = min(start + max(width, 1), max(cells.count, start + 1))
        var first = 0
        var last = cells.count
        if let room, Self.columns(of: cells[...]) > room {
            (first, last) = Self.window(of: cells, around: start, room: max(room - 2, 8))
        }
        let isCutBefore = first > 0
        let shown = cells[first..<last].joined()
        line = (isCutBefore ? "…" : "") + shown + (last < cells.count ? "…" : "")
        let before = Self.columns(of: cells[first..<min(start, last)]) + (isCutBefore ? 1 : 0)
        indent = String(repeating: " ", count: before)
        let marked = start < last ? Self.columns(of: cells[start..<min(end, last)]) : 1
        carets = String(repeating: "^", count: max(marked, 1))
    }

    private static func columns(of cells: ArraySlice<String>) -> Int {
        cells.reduce(0) { $0 + TextWidth.of($1) }
    }

    /// The cells that fit: a third of the room before the mistake, the rest from there on.
    private static func window(of cells: [String], around start: Int, room: Int) -> (Int, Int) {
        var first = start
        var taken = 0
        while first > 0, taken + TextWidth.of(cells[first - 1]) <= room / 3 {
            first -= 1
            taken += TextWidth.of(cells[first])
        }
        var last = start
        while last < cells.count, taken + TextWidth.of(cells[last]) <= room {
            taken += TextWidth.of(cells[last])
            last += 1
        }
        while first > 0, taken + TextWidth.of(cells[first - 1]) <= room {
            first -= 1
            taken += TextWidth.of(cells[first])
        }
        return (first, last)
    }
}
