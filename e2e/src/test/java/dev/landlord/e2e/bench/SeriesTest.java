package dev.landlord.e2e.bench;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

class SeriesTest {
    @Test
    void aQuantileIsTheNearestRank() {
        List<Long> hundred = LongStream.rangeClosed(1, 100).boxed().toList();
        assertThat(Series.quantile(hundred, 0.5)).isEqualTo(50);
        assertThat(Series.quantile(hundred, 0.99)).isEqualTo(99);
        assertThat(Series.quantile(hundred, 1)).isEqualTo(100);
        assertThat(Series.quantile(List.of(7L, 3L), 0.5)).isEqualTo(3);
        assertThat(Series.quantile(List.of(), 0.5)).isNaN();
    }

    @Test
    void millisecondsComeFromMicroseconds() {
        Series series = new Series();
        series.add(new Launch(2_500, 4_000));
        assertThat(series.execMillis(0.5)).isEqualTo(2.5);
        assertThat(series.deletedMillis(0.5)).isEqualTo(4.0);
        assertThat(series.seesExec()).isTrue();
    }

    @Test
    void aPeerWhoseExecIsUnseenHasNoExecTime() {
        Series series = new Series();
        series.add(new Launch(Launch.UNSEEN, 4_000));
        assertThat(series.seesExec()).isFalse();
    }
}
