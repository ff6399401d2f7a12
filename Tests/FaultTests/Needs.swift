import Foundation
import Testing

/// What the machine must offer, and the one line that says why a test is left out without it.
enum Needs {
    /// strace, and the right to use it.
    static func strace(_ test: String) -> Bool {
        isMet(hasStrace, test, "strace is not installed or may not trace here")
    }

    /// Root and loop devices, for file systems of our own.
    static func fileSystem(_ kind: String, _ test: String) -> Bool {
        guard isMet(geteuid() == 0, test, "\(kind) is mounted by root only") else { return false }
        return isMet(canMount(kind), test, "\(kind) cannot be made or mounted here")
    }

    /// Root, to give files to another user.
    static func root(_ test: String) -> Bool {
        isMet(geteuid() == 0, test, "giving files to other users takes root")
    }

    private static func isMet(_ condition: Bool, _ test: String, _ reason: String) -> Bool {
        if !condition { Torture.skip(test, because: reason) }
        return condition
    }

    private static let hasStrace = Tool.isThere("strace") && succeeds("strace -f -o /dev/null true")

    private static func canMount(_ kind: String) -> Bool {
        switch kind {
        case "tmpfs": succeeds("d=$(mktemp -d) && mount -t tmpfs none $d && umount $d && rmdir $d")
        case "ext4", "xfs":
            Tool.isThere("mkfs.\(kind)")
                && FileManager.default.fileExists(atPath: "/dev/loop-control")
                && succeeds("grep -qw \(kind) /proc/filesystems || modprobe \(kind)")
                && succeeds("l=$(losetup -f) && test -n $l")
        default: false
        }
    }

    private static func succeeds(_ script: String) -> Bool {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/bin/sh")
        process.arguments = ["-c", "PATH=$PATH:/usr/sbin:/sbin; { \(script); } >/dev/null 2>&1"]
        do {
            try process.run()
        } catch {
            return false
        }
        process.waitUntilExit()
        return process.terminationStatus == 0
    }
}
