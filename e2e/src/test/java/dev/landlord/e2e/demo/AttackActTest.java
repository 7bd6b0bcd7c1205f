package dev.landlord.e2e.demo;

import static org.assertj.core.api.Assertions.assertThat;

import dev.landlord.e2e.demo.AttackAct.Comparison;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;

class AttackActTest {
    private static final String HELD = "at most 65 processes, 12 forks refused";
    private static final String LOOSE = "at most 900 processes, 0 forks refused";

    private static Business business(double ordersPerSecond, long latencyMicros) {
        return new Business(Collections.nCopies(200, latencyMicros), ordersPerSecond);
    }

    private static Comparison comparison(double attackedOrders, long attackedMicros, String containment) {
        return new Comparison(
                business(1000, 1000),
                visits(2000, 0),
                business(attackedOrders, attackedMicros),
                visits(2000, 0),
                containment);
    }

    private static Visits visits(long latencyMicros, int turnedAway) {
        return new Visits(Collections.nCopies(200, latencyMicros), turnedAway);
    }

    private static boolean holdsWith(Visits attacked) {
        return new Comparison(business(1000, 1000), visits(2000, 0), business(1000, 1000), attacked, HELD).bobHolds();
    }

    @Test
    void everyCustomerWhoComesOverTheNetworkIsServedAndSoon() {
        assertThat(holdsWith(visits(27_000, 0))).isTrue();
        assertThat(holdsWith(visits(27_001, 0))).isFalse();
        assertThat(holdsWith(visits(2000, 1))).isFalse();
        assertThat(holdsWith(new Visits(List.of(), 0))).isFalse();
    }

    @Test
    void bobKeepsFourFifthsOfHisRateAndFiveMillisecondsOfLatency() {
        assertThat(comparison(800, 6000, HELD).bobHolds()).isTrue();
        assertThat(comparison(799, 6000, HELD).bobHolds()).isFalse();
        assertThat(comparison(800, 6001, HELD).bobHolds()).isFalse();
    }

    @Test
    void aShopThatServedNobodyProvesNothing() {
        Business closed = new Business(List.of(), 0);
        assertThat(new Comparison(closed, visits(1, 0), closed, visits(1, 0), HELD).bobHolds())
                .isFalse();
    }

    @Test
    void everyTryIsReported() {
        assertThat(Comparison.each(List.of(comparison(1000, 1, HELD)), Comparison::containment))
                .isEqualTo(HELD);
        List<Comparison> tries = List.of(comparison(100, 1, HELD), comparison(1000, 1, LOOSE));
        assertThat(Comparison.each(tries, Comparison::containment)).isEqualTo("try 1: " + HELD + "; try 2: " + LOOSE);
    }

    @Test
    void bobMayLoseOneTryEveMayNotBreakLooseInAny() {
        List<Comparison> tries = List.of(comparison(100, 1, LOOSE), comparison(1000, 1, HELD));
        assertThat(Comparison.bobHoldsAtLast(tries)).isTrue();
        assertThat(Comparison.eveIsAlwaysHeld(tries, Attack.forkBomb())).isFalse();
        assertThat(Comparison.eveIsAlwaysHeld(tries.subList(1, 2), Attack.forkBomb()))
                .isTrue();
    }
}
