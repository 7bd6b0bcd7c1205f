package dev.landlord.agent.address;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;

class ControlPlanesTest {
    private static final URI A = URI.create("https://a:7701");
    private static final URI B = URI.create("https://b:7701");
    private static final URI C = URI.create("https://c:7701");

    private final ControlPlanes three = new ControlPlanes(List.of(A, B, C), new Random(1));

    @Test
    void goesRoundThroughAllAndBegins() {
        URI first = three.current();
        Set<URI> seen = new HashSet<>();
        for (int failure = 0; failure < 3; failure++) {
            seen.add(three.current());
            three.failed(three.current().resolve("/node/v1/nodes/n1/report"));
        }
        assertThat(seen).containsExactlyInAnyOrder(A, B, C);
        assertThat(three.current()).isEqualTo(first);
    }

    @Test
    void keepsToTheOneThatWorks() {
        three.failed(three.current());
        URI second = three.current();
        assertThat(three.current()).isEqualTo(second);
    }

    @Test
    void callsThatFailTogetherGoOnOnce() {
        URI first = three.current();
        three.failed(first.resolve("/one"));
        URI second = three.current();
        three.failed(first.resolve("/other"));
        assertThat(three.current()).isEqualTo(second).isNotEqualTo(first);
    }

    @Test
    void hostsDoNotAllBeginAtTheSameOne() {
        Set<URI> firsts = new HashSet<>();
        for (int host = 0; host < 50; host++) {
            firsts.add(new ControlPlanes(List.of(A, B, C), new Random(host)).current());
        }
        assertThat(firsts).hasSize(3);
    }

    @Test
    void oneAloneIsAskedAgain() {
        ControlPlanes only = ControlPlanes.only(A);
        only.failed(A);
        assertThat(only.current()).isEqualTo(A);
        assertThat(only.areSeveral()).isFalse();
        assertThat(three.areSeveral()).isTrue();
    }
}
