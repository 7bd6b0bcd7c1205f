package dev.landlord.controlplane.network;

import static org.assertj.core.api.Assertions.assertThat;

import dev.landlord.api.network.NodeNetwork;
import dev.landlord.api.workload.NetworkSpec;
import dev.landlord.api.workload.PortSpec;
import dev.landlord.api.workload.Protocol;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class WiringBookTest {
    private static final NodeNetwork OFFER = new NodeNetwork("10.0.0.1", 20_000, 20_003, Set.of(80));

    private final WiringBook book = new WiringBook(4, OFFER);

    @Test
    void givesTheLowestFreeAddressUntilNoneIsLeft() {
        for (int host = 2; host <= 4; host++) {
            assertThat(book.hasAddress()).isTrue();
            Wiring wiring = book.choose(routed(), 0);
            assertThat(wiring.host()).isEqualTo(host);
            book.take(wiring);
        }
        assertThat(book.hasAddress()).isFalse();
        assertThat(new WiringBook(0, OFFER).hasAddress()).as("without a subnet").isFalse();
    }

    @Test
    void fixedPortIsTakenOnceForAProtocol() {
        NetworkSpec web = routed(port(Protocol.TCP, 80));
        assertThat(book.takenOf(PortNeeds.of(web), List.of())).isNull();
        book.take(book.choose(web, 0));
        HostPort taken = new HostPort(Protocol.TCP, 80);
        assertThat(book.takenOf(PortNeeds.of(web), List.of())).isEqualTo(taken);
        assertThat(book.takenOf(PortNeeds.of(web), List.of(taken)))
                .as("given back by the one that goes")
                .isNull();
        assertThat(book.takenOf(PortNeeds.of(routed(port(Protocol.UDP, 80))), List.of()))
                .isNull();
    }

    @Test
    void fixedPortsOfTheRangeAreMissingFromIt() {
        NetworkSpec three = routed(port(Protocol.TCP, 20_001), port(Protocol.TCP, null), port(Protocol.TCP, null));
        Wiring wiring = book.choose(three, 1);
        assertThat(wiring.ports()).hasSize(3).doesNotHaveDuplicates();
        assertThat(wiring.ports().getFirst()).isEqualTo(new HostPort(Protocol.TCP, 20_001));
        book.take(wiring);
        assertThat(book.rangeSuffices(PortNeeds.of(routed(port(Protocol.TCP, null))), List.of()))
                .isTrue();
        assertThat(book.rangeSuffices(
                        PortNeeds.of(routed(port(Protocol.TCP, null), port(Protocol.TCP, null))), List.of()))
                .isFalse();
        assertThat(book.rangeSuffices(PortNeeds.of(three), wiring.ports())).isTrue();
        assertThat(book.rangeSuffices(
                        PortNeeds.of(routed(port(Protocol.UDP, null), port(Protocol.UDP, null))), List.of()))
                .isTrue();
    }

    @Test
    void sameReplicaTendsToKeepItsPort() {
        NetworkSpec one = routed(port(Protocol.TCP, null));
        assertThat(new WiringBook(9, OFFER).choose(one, 42)).isEqualTo(book.choose(one, 42));
        assertThat(book.choose(one, 43)).isNotEqualTo(book.choose(one, 42));
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
    void whateverFitsCanBeChosenAndNothingIsGivenTwice(long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        WiringBook fresh = new WiringBook(100, OFFER);
        Set<HostPort> given = new HashSet<>();
        for (int step = 0; step < 50; step++) {
            NetworkSpec wanted = routed(
                    port(any(random), random.nextInt(3) == 0 ? 20_000 + random.nextInt(4) : null),
                    port(any(random), null));
            if (fresh.takenOf(PortNeeds.of(wanted), List.of()) == null
                    && fresh.rangeSuffices(PortNeeds.of(wanted), List.of())) {
                Wiring wiring = fresh.choose(wanted, random.nextInt());
                wiring.ports()
                        .forEach(port ->
                                assertThat(given.add(port)).as("%s", port).isTrue());
                fresh.take(wiring);
            }
        }
        assertThat(given).hasSizeGreaterThan(4);
    }

    private static Protocol any(SplittableRandom random) {
        return random.nextBoolean() ? Protocol.TCP : Protocol.UDP;
    }

    private record Wanted(Protocol protocol, @Nullable Integer hostPort) {}

    private static Wanted port(Protocol protocol, @Nullable Integer hostPort) {
        return new Wanted(protocol, hostPort);
    }

    private static NetworkSpec routed(Wanted... wanted) {
        List<PortSpec> ports = new ArrayList<>();
        for (Wanted port : wanted) {
            int number = ports.size();
            ports.add(new PortSpec("p" + number, 8000 + number, port.protocol, port.hostPort));
        }
        return new NetworkSpec(NetworkSpec.Mode.ROUTED, ports);
    }
}
