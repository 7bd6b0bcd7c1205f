package dev.landlord.e2e.demo;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class BusinessTest {
    private static final String SERVE = """
            serve 9000 served=2 us=1,2
            serve 11500 served=3 us=700,800,900
            serve 12500 served=2 us=600,5000
            serve 13500 served=1 us=99999
            """;
    private static final String GRIND = """
            grind 10900 done=300 us=999999
            grind 11900 done=300 us=200000
            grind 12900 done=300 us=400000
            grind 14000 done=300 us=1
            """;

    @Test
    void onlyLinesWhoseWholeSecondLiesInTheWindowCount() {
        Business business = Business.read(SERVE, GRIND, 10_000, 13_000);
        assertThat(business.latencies()).containsExactly(600L, 700L, 800L, 900L, 5000L);
        assertThat(business.ordersPerSecond()).isEqualTo(1000.0);
    }

    @Test
    void quantilesAreOfAllCustomers() {
        Business business = new Business(List.of(4000L, 1000L, 2000L, 3000L), 1);
        assertThat(business.latencyMillis(0.5)).isEqualTo(2.0);
        assertThat(business.latencyMillis(0.99)).isEqualTo(4.0);
    }

    @Test
    void aShopThatServedNobodyIsInfinitelySlow() {
        Business business = Business.read("", "", 0, 1);
        assertThat(business.latencyMillis(0.5)).isInfinite();
        assertThat(business.ordersPerSecond()).isZero();
    }
}
