package dev.landlord.runtime.cgroup;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.landlord.runtime.SandboxException;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CpuScaleTest {
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
        assertThat(CpuScale.weightOfShares(shares)).isEqualTo(weight);
    }

    @ParameterizedTest
    @CsvSource({"1, 2", "100, 1024", "10000, 262144"})
    void theEndsAndTheDefaultHaveTheirCounterparts(int weight, long shares) {
        assertThat(CpuScale.sharesOfWeight(weight)).isEqualTo(shares);
    }

    @Test
    void moreWeightIsNeverFewerSharesAndComesBackAsItWas() {
        assertThat(IntStream.rangeClosed(1, 10_000).mapToLong(CpuScale::sharesOfWeight))
                .isSorted();
        // Below 12 there are more weights than shares; from there on every weight has its own.
        assertThat(IntStream.rangeClosed(12, 10_000)
                        .filter(weight -> CpuScale.weightOfShares(CpuScale.sharesOfWeight(weight)) != weight))
                .isEmpty();
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
        assertThat(CpuScale.quota(millis)).isEqualTo(new CpuScale.Quota(quota, period));
    }

    @Test
    void aCapBeyondAllHostsIsRefusedByName() {
        assertThatExceptionOfType(SandboxException.class)
                .isThrownBy(() -> CpuScale.quota(Long.MAX_VALUE))
                .withMessageContaining("cpuMaxMillis");
    }
}
