import Glibc

/// What the program sees to before it does anything: nothing it writes is for others to read.
enum Privacy {
    /// Makes every new file owner-only, and leaves no memory behind in a core file.
    static func begin() {
        umask(0o077)
        var none = rlimit(rlim_cur: 0, rlim_max: 0)
        // Where it is refused, the system's own limit stays: nothing secret is in memory for long.
        _ = setrlimit(__rlimit_resource_t(RLIMIT_CORE.rawValue), &none)
    }
}
