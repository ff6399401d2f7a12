import Foundation

/// What went wrong at a file or directory, in the system's own words and no programmer's.
struct SystemWords: CustomStringConvertible {
    /// Such as `Permission denied`.
    let description: String

    /// Finds the words.
    ///
    /// - Parameter error: What the system threw; what lies under it says more than it does.
    init(_ error: any Error) {
        let outer = error as NSError
        let cause = outer.userInfo[NSUnderlyingErrorKey] as? any Error
        let inner = (cause ?? error) as NSError
        description =
            inner.domain == NSPOSIXErrorDomain
            ? String(cString: strerror(Int32(truncatingIfNeeded: inner.code)))
            : inner.localizedDescription
    }
}

/// A file that a command writes where a person said, and the directories on the way there.
enum WrittenFile {
    /// Writes a file; one that is there is replaced whole.
    ///
    /// - Parameters:
    ///   - text: All of it.
    ///   - path: Where.
    /// - Throws: ``Trouble`` that says which file, why not, and what to do.
    static func write(_ text: String, to path: String) throws {
        let file = URL(fileURLWithPath: path)
        do {
            try FileManager.default.createDirectory(
                at: file.deletingLastPathComponent(),
                withIntermediateDirectories: true
            )
            try Data(text.utf8).write(to: file, options: [.atomic])
        } catch {
            throw Trouble(
                "cannot write \(path): \(SystemWords(error)): choose a directory that you may "
                    + "write to",
                .failure
            )
        }
    }
}
