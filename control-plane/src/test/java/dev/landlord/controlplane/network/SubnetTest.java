package dev.landlord.controlplane.network;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SubnetTest {
    private static final Subnet SHARED = Subnet.parse("100.64.0.0/10");

    @Test
    void readsAndWritesTheUsualForm() {
        assertThat(SHARED.toString()).isEqualTo("100.64.0.0/10");
        assertThat(Subnet.text(SHARED.last())).isEqualTo("100.127.255.255");
        assertThat(Subnet.between(SHARED.first(), SHARED.last())).isEqualTo(SHARED);
        assertThat(Subnet.parse("0.0.0.0/0").last()).isEqualTo((1L << 32) - 1);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "100.64.0.0",
                "100.64.0.1/10",
                "100.64.0.0/33",
                "256.0.0.0/8",
                "10.0.0/8",
                "010.0.0.0/8",
                "::/0",
                "10.0.0.0/x",
                "10.0.0.0/"
            })
    void refusesWhatIsNoPrefix(String text) {
        assertThatThrownBy(() -> Subnet.parse(text)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void firstTwoAndLastAddressAreNotGivenOut() {
        Subnet node = Subnet.parse("100.64.4.0/22");
        assertThat(Subnet.text(node.address(Subnet.FIRST_HOST))).isEqualTo("100.64.4.2");
        assertThat(Subnet.text(node.address(node.lastHost()))).isEqualTo("100.64.7.254");
        assertThat(node.host(node.address(77))).isEqualTo(77);
    }

    @Test
    void givesTheLowestPartThatIsFreeAlsoBetweenPartsOfOtherSizes() {
        assertThat(SHARED.lowestFree(22, List.of())).contains(Subnet.parse("100.64.0.0/22"));
        List<Subnet> taken = List.of(Subnet.parse("100.64.1.0/24"), Subnet.parse("100.64.4.0/23"));
        assertThat(SHARED.lowestFree(22, taken)).contains(Subnet.parse("100.64.8.0/22"));
        assertThat(SHARED.lowestFree(24, taken)).contains(Subnet.parse("100.64.0.0/24"));
        assertThat(Subnet.parse("10.0.0.0/23").lowestFree(24, List.of(Subnet.parse("10.0.0.0/23"))))
                .isEmpty();
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5})
    void partsNeverOverlap(long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        Subnet cluster = Subnet.parse("10.0.0.0/20");
        List<Subnet> taken = new ArrayList<>();
        for (int step = 0; step < 200; step++) {
            if (!taken.isEmpty() && random.nextInt(3) == 0) {
                taken.remove(random.nextInt(taken.size()));
            }
            cluster.lowestFree(random.nextInt(22, 29), taken).ifPresent(part -> {
                assertThat(taken).noneMatch(part::overlaps);
                assertThat(part.first()).isBetween(cluster.first(), cluster.last());
                taken.add(part);
            });
        }
    }
}
