package dev.landlord.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class Ipv4Test {
    @ParameterizedTest
    @ValueSource(strings = {"0.0.0.0", "100.64.0.5", "192.168.1.254", "255.255.255.255"})
    void saysWhatItWasMadeOf(String text) {
        assertThat(Ipv4.parse(text)).hasToString(text);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"", "1.2.3", "1.2.3.4.5", "256.1.1.1", "01.2.3.4", "1.2.3.4 ", "a.b.c.d", "1.2.3.-4", "::1"})
    void refusesWhatIsNone(String text) {
        assertThatThrownBy(() -> Ipv4.parse(text)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void isOrderedWithoutASign() {
        assertThat(Ipv4.parse("9.0.0.0")).isLessThan(Ipv4.parse("192.0.0.0"));
    }

    @Test
    void aPrefixContainsWhatAgreesWithIt() {
        Ipv4Prefix cluster = Ipv4Prefix.parse("100.64.0.0/10");
        assertThat(cluster.contains(Ipv4.parse("100.127.255.255"))).isTrue();
        assertThat(cluster.contains(Ipv4.parse("100.128.0.0"))).isFalse();
        assertThat(cluster.contains(Ipv4Prefix.parse("100.64.4.0/22"))).isTrue();
        assertThat(Ipv4Prefix.parse("100.64.4.0/22").contains(cluster)).isFalse();
        assertThat(Ipv4Prefix.parse("0.0.0.0/0").contains(cluster)).isTrue();
        assertThat(Ipv4Prefix.of(Ipv4.parse("10.0.0.1"))).hasToString("10.0.0.1/32");
    }

    @ParameterizedTest
    @ValueSource(strings = {"100.64.0.1/10", "10.0.0.0", "10.0.0.0/33", "10.0.0.0/-1", "10.0.0.0/", "/8"})
    void refusesAPrefixThatIsNone(String text) {
        assertThatThrownBy(() -> Ipv4Prefix.parse(text)).isInstanceOf(IllegalArgumentException.class);
    }
}
