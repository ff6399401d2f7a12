import CloudHSM
import StrongroomReport
import Testing

@Suite struct AgesTests {
    @Test(arguments: [
        (0, "0 s"), (59, "59 s"), (60, "1 min"), (7_199, "119 min"), (7_200, "2 h"),
        (93_600, "26 h"), (259_199, "71 h"), (259_200, "3 days"), (3_542_400, "41 days"),
        (-120, "2 min"),
    ])
    func aSpanIsGivenInItsLargestUnit(seconds: Int, words: String) {
        #expect(Ages.words(.seconds(seconds)) == words)
    }

    @Test func anAgeThatLiesAheadIsCalledSo() {
        #expect(Ages.age(of: Sample.now - .days(3), at: Sample.now) == "3 days old")
        #expect(Ages.age(of: Sample.now + .hours(3), at: Sample.now) == "dated 3 h ahead")
    }

    @Test func aDeadlineIsAheadOrPast() {
        #expect(Ages.distance(to: Sample.now + .days(3), from: Sample.now) == "in 3 days")
        #expect(Ages.distance(to: Sample.now - .minutes(3), from: Sample.now) == "3 min ago")
    }

    @Test func aDayIsTheDayInUTC() {
        #expect(Ages.day(of: Sample.moment("2026-10-13T23:59:59.999Z")) == "2026-10-13")
    }
}
