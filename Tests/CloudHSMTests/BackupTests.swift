import CloudHSM
import Testing

@Suite struct BackupTests {
    @Test func aBackupTakesSeventyTwoBytes() {
        #expect(MemoryLayout<Backup>.stride == 72)
    }
}
