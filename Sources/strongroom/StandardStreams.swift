import Glibc

/// The three streams of the process, seen to before anything is opened.
enum StandardStreams {
    /// Lets no file take the place of a stream that is closed, and nobody who stops reading end a run.
    static func begin() {
        // Writing to a reader that went away fails instead, and a run is gone on with.
        signal(SIGPIPE, SIG_IGN)
        // The next file that is opened would get the number, and results would be written into it.
        // Opened for reading only: the input is at its end, and writing fails as if it were closed.
        for stream in [STDIN_FILENO, STDOUT_FILENO, STDERR_FILENO] {
            if fcntl(stream, F_GETFD) < 0 { _ = open("/dev/null", O_RDONLY) }
        }
    }
}
