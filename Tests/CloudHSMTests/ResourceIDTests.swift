import CloudHSM
import Testing

@Suite struct ResourceIDTests {
    @Test(arguments: [
        "backup-ro5c4er4aac", "backup-2vcgcp2zihs", "backup-zzzzzzzzzzzzzzzz",
        "backup-AZaz27AZaz27", "backup-2222222222222222", "backup-abcdefghijklmno",
    ])
    func anIDIsWrittenAsItWasRead(text: String) {
        #expect(BackupID(text)?.description == text)
    }

    @Test func idsThatDifferInAnyLetterDiffer() throws {
        let letters = Array("abcdefghijklmnop")
        let whole = try #require(ClusterID("cluster-" + String(letters)))
        for place in letters.indices {
            var other = letters
            other[place] = "7"
            #expect(ClusterID("cluster-" + String(other)) != whole, "letter \(place)")
        }
        #expect(ClusterID("cluster-" + String(letters.dropLast())) != whole)
    }

    @Test func idsSortAsTheirTextsDo() {
        let texts = [
            "hsm-2222222222222", "hsm-22222222222Z", "hsm-22222222222a", "hsm-2222222222Z",
            "hsm-aaaaaaaaaaa", "hsm-aaaaaaaaaaa2", "hsm-zzzzzzzzzzzzzzzz",
        ]
        let ids = texts.compactMap { HSMID($0) }.sorted().map(\.description)
        #expect(ids == texts.sorted())
    }

    @Test(arguments: [0, 1, 31, UInt64.max, 0x0123_4567_89AB_CDEF])
    func anIDMadeFromBitsCanBeReadAgain(bits: UInt64) {
        let id = ClusterID(bits: bits)
        #expect(ClusterID(id.description) == id)
        #expect(id.suffix.utf8.count == 11)
    }

    @Test(arguments: [
        "backup-ro5c4er4aa", "backup-ro5c4er4aac1", "backup-zzzzzzzzzzzzzzzzz",
        "Backup-ro5c4er4aac",
        "cluster-ro5c4er4aac", "ro5c4er4aac", "", "backup-ro5c4er4aa ", "backup-ro5c4er4aaä",
    ])
    func whatTheServiceWouldNotWriteIsNoID(text: String) {
        #expect(BackupID(text) == nil)
    }
}
