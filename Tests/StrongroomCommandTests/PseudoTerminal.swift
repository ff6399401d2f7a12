import Foundation
import Glibc

/// A terminal with a person before it: the test.
struct PseudoTerminal {
    /// The end that a program has; close it once that runs, so that its end is noticed.
    let program: FileHandle

    private let person: FileHandle

    /// Opens a terminal.
    ///
    /// - Throws: When there is none.
    init() throws {
        let flags = O_RDWR | O_NOCTTY | O_CLOEXEC
        person = FileHandle(fileDescriptor: open("/dev/ptmx", flags), closeOnDealloc: true)
        // TIOCSPTLCK and TIOCGPTN, which Glibc's module does not name.
        var locked: Int32 = 0
        var number: Int32 = 0
        guard
            ioctl(person.fileDescriptor, 0x4004_5431, &locked) == 0,
            ioctl(person.fileDescriptor, 0x8004_5430, &number) == 0
        else { throw POSIXError(.ENXIO) }
        let name = "/dev/pts/\(number)"
        program = FileHandle(fileDescriptor: open(name, flags), closeOnDealloc: true)
    }

    /// Types something.
    func type(_ text: String) throws { try person.write(contentsOf: Data(text.utf8)) }

    /// Reads on until a text was shown.
    ///
    /// - Returns: What was shown; it ends without the text if the program went away.
    func shown(until text: String) -> String {
        var shown: [UInt8] = []
        var byte: UInt8 = 0
        while !shown.ends(with: text.utf8), read(person.fileDescriptor, &byte, 1) == 1 {
            shown.append(byte)
        }
        return String(decoding: shown, as: UTF8.self)
    }
}

extension [UInt8] {
    fileprivate func ends(with text: String.UTF8View) -> Bool {
        suffix(text.count).elementsEqual(text)
    }
}
