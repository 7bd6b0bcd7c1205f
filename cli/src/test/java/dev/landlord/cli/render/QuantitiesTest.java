package dev.landlord.cli.render;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.landlord.cli.failure.CommandFailure;
import java.time.Duration;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class QuantitiesTest {
    @ParameterizedTest
    @CsvSource({"500m,500", "0.5,500", "2,2000", "0.001,1", "1.25,1250"})
    void coresAreRead(String text, long millis) {
        assertThat(Quantities.parseCpuMillis("--cpu", text)).isEqualTo(millis);
    }

    @ParameterizedTest
    @CsvSource({"64Mi,67108864", "1.5Ki,1536", "1G,1000000000", "42,42", "0.5Ti,549755813888"})
    void bytesAreRead(String text, long bytes) {
        assertThat(Quantities.parseBytes("--memory", text)).isEqualTo(bytes);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "-1", "64mb", "1.5", "9999999999Ti", "1e9", "Mi", "1 Gi", "٣"})
    void otherBytesAreRefused(String text) {
        assertThatThrownBy(() -> Quantities.parseBytes("--memory", text))
                .isInstanceOf(CommandFailure.class)
                .hasMessageStartingWith("--memory " + text + ": must be bytes");
    }

    @ParameterizedTest
    @ValueSource(strings = {"0.0001", "0.5m", "1c", "-2"})
    void otherCoresAreRefused(String text) {
        assertThatThrownBy(() -> Quantities.parseCpuMillis("--cpu", text)).isInstanceOf(CommandFailure.class);
    }

    @ParameterizedTest
    @CsvSource({"0,0", "1023,1023", "1024,1Ki", "1536,1.5Ki", "67108864,64Mi", "1099511627776,1Ti"})
    void bytesAreShownShortly(long bytes, String text) {
        assertThat(Quantities.bytes(bytes)).isEqualTo(text);
    }

    @Test
    void coresThatAreShownAreReadAsTheSame() {
        SplittableRandom random = new SplittableRandom(20260504);
        for (int i = 0; i < 1000; i++) {
            long millis = random.nextLong(1, 1_024_000);
            assertThat(Quantities.parseCpuMillis("--cpu", Quantities.cores(millis)))
                    .isEqualTo(millis);
        }
    }

    @ParameterizedTest
    @CsvSource({"-5,0s", "0,0s", "59,59s", "60,1m", "3599,59m59s", "3600,1h", "90000,1d1h"})
    void agesAreShownInTwoUnits(long seconds, String text) {
        assertThat(Fields.age(Duration.ofSeconds(seconds))).isEqualTo(text);
    }
}
