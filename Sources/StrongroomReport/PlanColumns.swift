/// Lines of one group, set in columns; or each reason on a line of its own where that is too wide.
struct PlanColumns {
    private let lines: [PlanLine]
    private let verbWidth: Int
    private let objectWidth: Int
    private let reasonWidth: Int

    /// The widest object that the column makes room for; a longer one pushes the rest aside.
    private static let widestObject = 66

    /// Measures lines.
    ///
    /// - Parameter lines: The lines of one group.
    init(_ lines: [PlanLine]) {
        self.lines = lines
        verbWidth = lines.map { TextWidth.of($0.verb) }.max() ?? 0
        let objects = lines.map { TextWidth.of($0.object) }.filter { $0 <= Self.widestObject }
        objectWidth = objects.max() ?? 0
        reasonWidth = lines.map { TextWidth.of($0.reason) }.max() ?? 0
    }

    /// The lines as text.
    ///
    /// - Parameters:
    ///   - width: Columns there are; `nil` for one line per change, however wide.
    ///   - colour: Whether to colour.
    /// - Returns: Lines without line breaks.
    func text(width: Int?, colour: Colour) -> [String] {
        let limit = width ?? .max
        let fits = lines.allSatisfy { oneLineWidth($0) <= limit }
        return lines.flatMap { line in
            let head = fits ? [oneLine(line, colour)] : stacked(line, limit, colour)
            return head + details(of: line, limit, colour)
        }
    }

    private func oneLineWidth(_ line: PlanLine) -> Int {
        let before = 2 + verbWidth + 2 + max(objectWidth, TextWidth.of(line.object)) + 2
        guard !line.location.isEmpty else { return before + TextWidth.of(line.reason) }
        return before + reasonWidth + 2 + TextWidth.of(line.location)
    }

    private func oneLine(_ line: PlanLine, _ colour: Colour) -> String {
        let change = "\(line.verb.padded(to: verbWidth))  \(line.object.padded(to: objectWidth))"
        let painted = "  \(colour.paint(change, line.ink))  "
        guard !line.location.isEmpty else { return painted + line.reason }
        return painted + line.reason.padded(to: reasonWidth) + "  "
            + colour.paint(line.location, .faint)
    }

    private func stacked(_ line: PlanLine, _ width: Int, _ colour: Colour) -> [String] {
        let room = width - verbWidth - 4
        let reasons = line.reason.wrapped(to: width - Self.indent.count).map { Self.indent + $0 }
        let place = colour.paint(line.location, .faint)
        guard !isCramped(line, room), !line.location.isEmpty else {
            let objects = line.object.wrapped(to: room).enumerated().map { index, part in
                let verb = (index == 0 ? line.verb : "").padded(to: verbWidth)
                return "  " + colour.paint("\(verb)  \(part)", line.ink)
            }
            return objects + reasons + (line.location.isEmpty ? [] : [Self.indent + place])
        }
        let objectWidth = lines.filter { !isCramped($0, room) }.map { TextWidth.of($0.object) }
            .max()
        let object = line.object.padded(to: objectWidth ?? 0)
        let isAligned = TextWidth.of(object) + 2 + TextWidth.of(line.location) <= room
        let cell = isAligned ? object : line.object
        let change = colour.paint("\(line.verb.padded(to: verbWidth))  \(cell)", line.ink)
        return ["  \(change)  \(place)"] + reasons
    }

    /// Whether a change leaves no room for its manifest line beside it.
    private func isCramped(_ line: PlanLine, _ room: Int) -> Bool {
        TextWidth.of(line.object) + 2 + TextWidth.of(line.location) > room
    }

    private func details(of line: PlanLine, _ width: Int, _ colour: Colour) -> [String] {
        line.details.flatMap { detail in
            detail.wrapped(to: width - Self.indent.count - 2).enumerated().map { index, part in
                Self.indent + colour.paint(index == 0 ? part : "  \(part)", line.ink)
            }
        } + line.verbatim.map { Self.indent + "  " + colour.paint($0, .faint) }
    }

    /// What stands before the lines below a change.
    private static let indent = "      "
}
