internal import CloudHSM

extension TagResource {
    init(_ reader: inout RequestReader) throws(ServiceException) {
        let resource = try reader.taggedResource()
        let tags = try reader.tags(1...TagLimits.mostPerResource)
        if tags == nil { reader.missing("TagList") }
        self.init(try reader.end(with: resource), tags: try reader.end(with: tags))
    }
}

extension UntagResource {
    init(_ reader: inout RequestReader) throws(ServiceException) {
        let resource = try reader.taggedResource()
        let keys = try reader.strings("TagKeyList", 1...TagLimits.mostPerResource)
        if keys == nil { reader.missing("TagKeyList") }
        for key in keys ?? [] {
            let length = key.unicodeScalars.count
            reader.requireLength(of: "TagKeyList", length, TagLimits.keyLength, shown: "'\(key)'")
        }
        self.init(try reader.end(with: resource), keys: try reader.end(with: keys))
    }
}

extension ListTags {
    init(_ reader: inout RequestReader) throws(ServiceException) {
        let resource = try reader.taggedResource()
        let size = try reader.count("MaxResults", 1...Self.largestPage)
        let token = try reader.token()
        self.init(try reader.end(with: resource), maxResults: size, nextToken: token)
    }
}

extension PutResourcePolicy {
    init(_ reader: inout RequestReader) throws(ServiceException) {
        let resource = try reader.resourceARN()
        let policy = try reader.string("Policy")
        if let policy {
            let length = policy.unicodeScalars.count
            reader.requireLength(of: "Policy", length, Self.policyLength, shown: "'...'")
        } else {
            reader.missing("Policy")
        }
        self.init(try reader.end(with: resource), policy: try reader.end(with: policy))
    }
}

extension GetResourcePolicy {
    init(_ reader: inout RequestReader) throws(ServiceException) {
        let resource = try reader.resourceARN()
        self.init(try reader.end(with: resource))
    }
}

extension DeleteResourcePolicy {
    init(_ reader: inout RequestReader) throws(ServiceException) {
        let resource = try reader.resourceARN()
        self.init(try reader.end(with: resource))
    }
}

extension RequestReader {
    fileprivate mutating func taggedResource() throws(ServiceException) -> TaggedResource? {
        try required("ResourceId", .resourceID) { text in
            ClusterID(text).map(TaggedResource.cluster) ?? BackupID(text).map(TaggedResource.backup)
        }
    }

    /// The model does not call the ARN required, but none of the three makes sense without it.
    fileprivate mutating func resourceARN() throws(ServiceException) -> ResourceARN? {
        try required("ResourceArn", .resourceARN, ResourceARN.init(_:))
    }
}
