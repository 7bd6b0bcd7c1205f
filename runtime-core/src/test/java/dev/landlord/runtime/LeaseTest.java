package dev.landlord.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class LeaseTest {
    @Test
    void theDeadlineNeverGoesBack() {
        Lease lease = new Lease(100, 500, 3);
        assertThat(lease.extendedTo(400)).isEqualTo(lease);
        assertThat(lease.extendedTo(501)).isEqualTo(new Lease(100, 501, 3));
    }

    @Test
    void oneThatHasRunOutBeginsANewTerm() {
        assertThat(new Lease(500, 500, 3).extendedTo(600)).isEqualTo(new Lease(500, 600, 4));
        assertThat(new Lease(499, 500, 3).extendedTo(600)).isEqualTo(new Lease(499, 600, 3));
    }

    /** The answer to a report that was sent long ago. */
    @Test
    void whatIsPastAlreadyExtendsNothing() {
        Lease over = new Lease(1000, 500, 3);
        assertThat(over.extendedTo(999)).isEqualTo(over);
        assertThat(over.extendedTo(1000)).isEqualTo(over);
        assertThat(over.holds()).isFalse();
    }
}
