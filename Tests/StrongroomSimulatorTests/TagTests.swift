import CloudHSM
import StrongroomModel
import StrongroomSimulator
import Testing

@Suite struct TagTests {
    private static let backup = Adopted.backup(1, age: .hours(1))
    private static let resources: [TaggedResource] = [
        .cluster(Adopted.cluster), .backup(backup.id),
    ]

    private func tags(_ stage: inout Stage, _ call: ListTags) throws -> [String: String] {
        guard case .tags(let tags, _) = try stage.call(.listTags(call)) else {
            preconditionFailure("ListTags answers with tags")
        }
        return tags
    }

    @Test(arguments: resources)
    func tagsAreAddedChangedAndRemoved(resource: TaggedResource) throws {
        var stage = Stage(adopting: Adopted.group(backups: [Self.backup]))
        try stage.call(.tagResource(TagResource(resource, tags: ["a": "1", "b": "2"])))
        try stage.call(.tagResource(TagResource(resource, tags: ["b": "3"])))
        #expect(try tags(&stage, ListTags(resource)) == ["a": "1", "b": "3"])
        try stage.call(.untagResource(UntagResource(resource, keys: ["a", "none"])))
        #expect(try tags(&stage, ListTags(resource)) == ["b": "3"])
    }

    @Test func pagesOfTagsAddUp() throws {
        let many = Dictionary(uniqueKeysWithValues: (1...50).map { ("key\($0)", "\($0)") })
        var stage = Stage(adopting: Adopted.group())
        try stage.call(.tagResource(TagResource(.cluster(Adopted.cluster), tags: many)))
        var seen: [String: String] = [:]
        var token: String?
        repeat {
            let call = ListTags(.cluster(Adopted.cluster), maxResults: 20, nextToken: token)
            guard case .tags(let page, let next) = try stage.call(.listTags(call)) else { return }
            #expect(page.count <= 20)
            seen.merge(page) { first, _ in first }
            token = next
        } while token != nil
        #expect(seen == many)
    }

    @Test func moreThanFiftyTagsAreTooMany() throws {
        let many = Dictionary(uniqueKeysWithValues: (1...50).map { ("key\($0)", "") })
        var stage = Stage(adopting: Adopted.group())
        try stage.call(.tagResource(TagResource(.cluster(Adopted.cluster), tags: many)))
        let one = TagResource(.cluster(Adopted.cluster), tags: ["another": ""])
        #expect(stage.refusal(of: .tagResource(one)) == .resourceLimitExceeded)
    }

    @Test func whatIsUnknownOrElsewhereCannotBeTagged() {
        var stage = Stage(adopting: Adopted.group(backups: [Self.backup]))
        for resource in Self.resources {
            let call = Call.tagResource(TagResource(resource, tags: ["a": "b"]))
            #expect(stage.refusal(of: call, at: ireland) == .resourceNotFound)
        }
        let unknown = TagResource(.backup(BackupID(bits: 99)), tags: ["a": "b"])
        #expect(stage.refusal(of: .tagResource(unknown)) == .resourceNotFound)
    }
}
