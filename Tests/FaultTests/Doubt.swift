/// Reads from a run's system calls which files it may not call stored.
///
/// After a failed sync Linux takes the pages for clean, so a second sync that goes well proves
/// nothing: only all bytes again, in a new file, do.
struct Doubt {
    /// Files of the state directory whose newest bytes may not be on the disk.
    private(set) var files: Set<String> = []

    /// What was done that must never be done, whatever is reported.
    private(set) var breaches: [String] = []

    private struct Temporary {
        var isSynced = false
        var hasFailed = false
    }

    private var temporaries: [String: Temporary] = [:]
    private var renamedSinceSync: [String: Set<String>] = [:]

    init(_ log: CallLog) {
        for call in log.calls where call.text.contains("/tree/state") {
            switch call.name {
            case "write": written(call)
            case "fsync", "fdatasync": synced(call)
            case "renameat": renamed(call)
            default: break
            }
        }
        for renamed in renamedSinceSync.values { files.formUnion(renamed) }
        // The note on the lock is for people; it says nothing of the world.
        files = files.filter { !$0.hasSuffix("/lock.owner") }
    }

    private mutating func written(_ call: CallLog.Call) {
        guard let path = call.path.map(String.init) else { return }
        if StateLook.isTemporary(path) {
            temporaries[path, default: Temporary()].isSynced = false
        } else {
            // What is appended is in doubt until it is synced.
            files.insert(path)
        }
    }

    private mutating func synced(_ call: CallLog.Call) {
        guard let path = call.path.map(String.init) else { return }
        if StateLook.isTemporary(path) {
            let hasFailed = temporaries[path]?.hasFailed ?? false
            if hasFailed { breaches.append("\(path) was synced again after a failed sync") }
            temporaries[path] = Temporary(
                isSynced: call.wasDone && !hasFailed,
                hasFailed: hasFailed || !call.wasDone
            )
        } else if !call.wasDone {
            distrusted.insert(path)
            files.formUnion(renamedSinceSync.removeValue(forKey: path) ?? [])
        } else if let renamed = renamedSinceSync.removeValue(forKey: path) {
            files.subtract(renamed)
        } else if !distrusted.contains(path) {
            files.remove(path)
        }
    }

    /// Files that were appended to, and directories, of which a sync failed.
    private var distrusted: Set<String> = []

    private mutating func renamed(_ call: CallLog.Call) {
        guard let directory = call.path.map(String.init), call.quoted.count == 2, call.wasDone
        else { return }
        let from = "\(directory)/\(call.quoted[0])"
        let target = "\(directory)/\(call.quoted[1])"
        if let temporary = temporaries.removeValue(forKey: from), !temporary.isSynced {
            breaches.append("\(target) was replaced by a file that was not synced")
        }
        distrusted.remove(target)
        renamedSinceSync[directory, default: []].insert(target)
    }
}
