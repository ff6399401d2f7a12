import Glibc

/// What the program sees to before it does anything: nothing it writes is for others to read.
enum Privacy {
    /// Makes every new file owner-only, and leaves no memory behind in a core file.
    static func begin() {
        umask(0o077)
        var none = rlimit(rlim_cur: 0, rlim_max: 0)
        // Where it is refused, the system's own limit stays.
        _ = setrlimit(__rlimit_resource_t(RLIMIT_CORE.rawValue), &none)
        // A reader that went away is told by the write that fails.
        signal(SIGPIPE, SIG_IGN)
    }
}
