/// Why a file or directory could not be read.
enum FileMistake: Error, Mistake, Equatable {
    case notFound(String)
    case nameNotUTF8(String)
    case unreadable(String, reason: String)
    case notRegular(String)
    case outside(String, root: String)
    case tooDeep(String)
    case notACertificate(String)
    case certificateTooLong(String)
    case privateKey(String)

    var rule: String {
        switch self {
        case .notFound: "file-not-found"
        case .nameNotUTF8: "file-name-not-utf-8"
        case .unreadable: "file-unreadable"
        case .notRegular: "not-a-regular-file"
        case .outside: "path-outside"
        case .tooDeep: "directory-too-deep"
        case .notACertificate: "not-a-certificate"
        case .certificateTooLong: "certificate-too-long"
        case .privateKey: "private-key-in-certificate"
        }
    }

    var message: String {
        switch self {
        case .notFound(let path): "there is no file or directory \(quoted(path))"
        case .nameNotUTF8(let path): "the name of \"\(path)\" is not UTF-8"
        case .unreadable(let path, let reason): "cannot read \(quoted(path)): \(reason)"
        case .notRegular(let path): "\(quoted(path)) is neither a regular file nor a directory"
        case .outside(let path, let root):
            "\(quoted(path)) leads outside the manifests' directory \(quoted(root))"
        case .tooDeep(let path):
            "\(quoted(path)) lies more than \(ManifestTree.deepest) directories deep"
        case .notACertificate(let path): "\(quoted(path)) holds no PEM certificate"
        case .certificateTooLong(let path):
            "\(quoted(path)) is longer than the \(CertificateFiles.longest) characters the service takes"
        case .privateKey(let path): "\(quoted(path)) holds a private key"
        }
    }

    var help: String {
        switch self {
        case .notFound: "check the path"
        case .nameNotUTF8: "rename it; a byte that is not UTF-8 is shown as \\x and its number"
        case .unreadable: "check the permissions of the file and of the directories above it"
        case .notRegular: "name a file with manifests, or a directory"
        case .outside: "move the file next to the manifests, or name its directory as well"
        case .tooDeep: "name a directory further down"
        case .notACertificate: "write the certificate as PEM, from BEGIN to END CERTIFICATE"
        case .certificateTooLong: "keep only the one certificate in the file"
        case .privateKey:
            "remove the key from the file, and treat it as disclosed if the file was ever committed"
        }
    }
}
