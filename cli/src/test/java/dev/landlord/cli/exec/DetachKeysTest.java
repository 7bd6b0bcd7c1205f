package dev.landlord.cli.exec;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class DetachKeysTest {
    private final DetachKeys keys = new DetachKeys();

    private String pass(String typed) {
        byte[] bytes = typed.getBytes(StandardCharsets.UTF_8);
        return new String(keys.pass(bytes, bytes.length), StandardCharsets.UTF_8);
    }

    @Test
    void leavesAtCtrlPCtrlQAlsoWhenTheyComeApart() {
        assertThat(pass("ls\n")).isEqualTo("ls\n");
        assertThat(pass("a\u0010")).isEqualTo("a");
        assertThat(keys.pressed()).isFalse();
        assertThat(pass("\u0011b")).isEmpty();
        assertThat(keys.pressed()).isTrue();
        assertThat(pass("c")).isEmpty();
    }

    @Test
    void passesOnWhatOnlyBeginsLikeIt() {
        assertThat(pass("\u0010\u0010x\u0011")).isEqualTo("\u0010\u0010x\u0011");
        assertThat(pass("\u0010\u0010\u0011")).isEqualTo("\u0010");
        assertThat(keys.pressed()).isTrue();
    }
}
