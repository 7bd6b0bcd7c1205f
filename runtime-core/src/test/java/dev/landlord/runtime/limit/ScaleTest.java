package dev.landlord.runtime.limit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.landlord.runtime.SandboxException;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ScaleTest {
    @ParameterizedTest
    @CsvSource({
        "0, 1",
        "2, 1",
        "102, 17",
        "256, 35",
        "512, 59",
        "1024, 100",
        "2048, 174",
        "4096, 303",
        "10240, 639",
        "262144, 10000",
        "9999999, 10000"
    })
    void sharesBecomeTheWeightThatTheFieldAgreedOn(long shares, int weight) {
        assertThat(Scale.weightOfShares(shares)).isEqualTo(weight);
    }

    @ParameterizedTest
    @CsvSource({"1, 2", "100, 1024", "10000, 262144"})
    void theEndsAndTheDefaultHaveTheirCounterparts(int weight, long shares) {
        assertThat(Scale.sharesOfWeight(weight)).isEqualTo(shares);
    }

    @Test
    void moreWeightIsNeverFewerSharesAndComesBackAsItWas() {
        assertThat(IntStream.rangeClosed(1, 10_000).mapToLong(Scale::sharesOfWeight))
                .isSorted();
        // Below 12 there are more weights than shares; from there on every weight has its own.
        assertThat(IntStream.rangeClosed(12, 10_000)
                        .filter(weight -> Scale.weightOfShares(Scale.sharesOfWeight(weight)) != weight))
                .isEmpty();
    }

    @ParameterizedTest
    @CsvSource({"10, 1", "100, 910", "500, 4950", "1000, 10000"})
    void weightsOfDiskTrafficAreOnAStraightLine(int blkio, int io) {
        assertThat(Scale.ioWeightOfBlkioWeight(blkio)).isEqualTo(io);
        assertThat(Scale.blkioWeightOfIoWeight(io)).isEqualTo(blkio);
    }

    @ParameterizedTest
    @CsvSource({
        "1000, 100000, 100000",
        "250, 25000, 100000",
        "10, 1000, 100000",
        "9, 1000, 111111",
        "5, 1000, 200000",
        "1, 1000, 1000000",
        "64000, 6400000, 100000"
    })
    void aCapIsTimePerPeriodAndASmallOneHasALongerPeriod(long millis, long quota, long period) {
        assertThat(Scale.quota(millis)).isEqualTo(new Scale.Quota(quota, period));
    }

    @Test
    void aCapBeyondAllHostsIsRefusedByName() {
        assertThatExceptionOfType(SandboxException.class)
                .isThrownBy(() -> Scale.quota(Long.MAX_VALUE))
                .withMessageContaining("cpu.maxMillis");
    }
}
