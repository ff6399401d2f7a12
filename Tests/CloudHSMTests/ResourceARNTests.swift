import CloudHSM
import Testing

@Suite struct ResourceARNTests {
    @Test(arguments: [
        "arn:aws:cloudhsm:us-east-1:111122223333:backup/backup-ro5c4er4aac",
        "arn:aws:cloudhsm:eu-west-1:000000000000:cluster/cluster-2ndsmpk7w5q",
        "arn:aws-us-gov:cloudhsm:us-gov-west-1:111122223333:hsm/hsm-2ndsmpk7w5q",
    ])
    func anARNIsWrittenAsItWasRead(text: String) {
        #expect(ResourceARN(text)?.description == text)
    }

    @Test(arguments: [
        "", "backup-ro5c4er4aac", "arn:aws:cloudhsm:us-east-1:111122223333:backup-ro5c4er4aac",
        "arn:aws:cloudhsm:us-east-1:111122223333:backup/cluster-ro5c4er4aac",
        "arn:aws:cloudhsm:us-east-1:111122223333:key/backup-ro5c4er4aac",
        "arn:aws:cloudhsm:us-east-1:11112222333:backup/backup-ro5c4er4aac",
        "arn:aws:cloudhsm::111122223333:backup/backup-ro5c4er4aac",
        "arn:aws:kms:us-east-1:111122223333:backup/backup-ro5c4er4aac",
        "arn:aws-us-gov:cloudhsm:us-east-1:111122223333:backup/backup-ro5c4er4aac",
        "arn:aws:cloudhsm:us-gov-west-1:111122223333:backup/backup-ro5c4er4aac",
        "arn:aws-cn:cloudhsm:cn-north-1:111122223333:backup/backup-ro5c4er4aac",
        "arn:aws:cloudhsm:us-east-1:111122223333:backup/backup-ro5c4er4aac/more",
        "arn:aws:cloudhsm:us-east-1:111122223333:backup/backup-ro5c4er4aac:more",
    ])
    func anythingElseIsNoARN(text: String) {
        #expect(ResourceARN(text) == nil)
    }

    @Test func onlyABackupsARNNamesABackup() {
        #expect(
            ResourceARN("arn:aws:cloudhsm:us-east-1:111122223333:backup/backup-ro5c4er4aac")?
                .backup == BackupID("backup-ro5c4er4aac")
        )
        #expect(
            ResourceARN("arn:aws:cloudhsm:us-east-1:111122223333:hsm/hsm-2ndsmpk7w5q")?.backup
                == nil
        )
    }
}
