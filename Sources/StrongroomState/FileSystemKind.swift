internal import Foundation

/// What a state directory lies on, as far as it matters to what it holds.
enum FileSystemKind: Hashable {
    /// It keeps what it is given, and its locks hold.
    case lasting
    /// It is gone with the machine's memory or with the container.
    case volatile(String)
    /// Several machines may write to it, and its locks are no more than advice.
    case network(String)

    /// Asks the system what a directory lies on, by the mount that its descriptor belongs to
    /// (proc(5): fdinfo, mountinfo); what it does not say counts as lasting.
    init(of directory: HeldDirectory) { self.init(descriptor: directory.descriptor) }

    init(descriptor: Int32) {
        let mount = Self.lines(of: "/proc/self/fdinfo/\(descriptor)")
            .first { $0.hasPrefix("mnt_id:") }?
            .split(whereSeparator: \.isWhitespace).last
        let line = Self.lines(of: "/proc/self/mountinfo")
            .first { $0.split(separator: " ").first == mount }
        let fields = line?.split(separator: " ") ?? []
        // Behind a lone hyphen, after fields whose number varies.
        let type = fields.drop { $0 != "-" }.dropFirst().first
        self.init(type: type.map(String.init) ?? "")
    }

    /// Reads the name by which the system calls a kind (filesystems(5)).
    init(type: String) {
        switch type {
        case "tmpfs", "ramfs", "overlay", "aufs": self = .volatile(type)
        case "nfs", "nfs4": self = .network("NFS")
        case "cifs", "smb3": self = .network("CIFS")
        default: self = .lasting
        }
    }

    private static func lines(of path: String) -> [Substring] {
        ((try? String(contentsOfFile: path, encoding: .utf8)) ?? "").split(separator: "\n")
    }
}

/// Whether a state may lie where it does not last.
public enum StorageDemand: Hashable, Sendable {
    /// Only where it survives the machine and the container.
    case lasting
    /// Anywhere: for trying things out, and for tests.
    case any

    /// Refuses a directory that does not last although it must.
    func check(_ directory: HeldDirectory) throws(StateError) {
        try check(descriptor: directory.descriptor, path: directory.path)
    }

    /// Refuses a path below an open directory that does not last although it must.
    func check(descriptor: Int32, path: String) throws(StateError) {
        guard self == .lasting,
            case .volatile(let kind) = FileSystemKind(descriptor: descriptor)
        else { return }
        throw .volatile(path: path, fileSystem: kind)
    }
}
