import Foundation

/// The figures of every stage, aligned; no verdict.
struct BenchTable {
    let stages: [Stage]
    let costs: [[Cost]]
    let inputs: Inputs

    private static let head = [
        ["", "wall s", "", "CPU s", "", "MB/s", "peak MB", "of the"],
        ["", "least", "median", "least", "median", "median", "most", "other's"],
    ]

    /// The lines.
    var text: String {
        let rows = Self.head + stages.indices.map(row)
        let widths = rows[0].indices.map { column in
            rows.map { $0[column].count }.max() ?? 0
        }
        return rows.map { row in
            row.indices.map { column in
                let space = String(repeating: " ", count: widths[column] - row[column].count)
                return column == 0 ? row[column] + space : space + row[column]
            }.joined(separator: "  ")
        }.joined(separator: "\n") + "\n\n" + Self.key
    }

    private static let key = """
        MB/s: bytes read by the median of wall time. The other's: the median of wall time as a part \
        of that of the
        program it is held against, PyYAML for manifests and orjson for everything that reads state; \
        below 1 is faster.
        """

    private func row(_ index: Int) -> [String] {
        let walls = costs[index].map(\.wall)
        let cpus = costs[index].map(\.cpu)
        let throughput = stages[index].bytes.map {
            String(format: "%.0f", Double(inputs[keyPath: $0]) / 1_000_000 / median(walls))
        }
        let ratio = other(than: index).map {
            String(format: "%.2f", median(walls) / median(costs[$0].map(\.wall)))
        }
        return [
            stages[index].name,
            seconds(walls.min() ?? 0), seconds(median(walls)),
            seconds(cpus.min() ?? 0), seconds(median(cpus)),
            throughput ?? "", megabytes(costs[index].map(\.peak).max() ?? 0), ratio ?? "",
        ]
    }

    private func other(than index: Int) -> Int? {
        guard let name = stages[index].comparedTo else { return nil }
        return stages.firstIndex { $0.name == name }
    }

    private func seconds(_ value: Double) -> String { String(format: "%.3f", value) }
}

/// The middle of some figures; of an even number of them, the lower middle.
func median(_ figures: [Double]) -> Double {
    guard !figures.isEmpty else { return 0 }
    return figures.sorted()[(figures.count - 1) / 2]
}

/// Bytes in millions, with one digit behind the point.
func megabytes(_ bytes: Int) -> String { String(format: "%.1f", Double(bytes) / 1_000_000) }
