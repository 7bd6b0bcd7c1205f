package dev.landlord.cli.terminal;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class PlainTextTest {
    @Test
    void ordinaryTextStays() {
        assertThat(PlainText.of("grün 100 % 🙂")).isEqualTo("grün 100 % 🙂");
    }

    @Test
    void whatCouldSteerATerminalIsShownInstead() {
        assertThat(PlainText.of("\u001b[2Jx\u0007\u007f")).isEqualTo("^[[2Jx^G^?");
        assertThat(PlainText.of("\u009b31m")).isEqualTo("\\u{9b}31m");
    }

    @Test
    void whatCouldTurnTextAroundIsShownInstead() {
        assertThat(PlainText.of("user\u202eresu")).isEqualTo("user\\u{202e}resu");
    }

    @Test
    void lineEndsStayOnlyWhereThereAreLines() {
        assertThat(PlainText.of("a\nb\tc")).isEqualTo("a^Jb^Ic");
        assertThat(PlainText.ofLines("a\nb\tc\r\n")).isEqualTo("a\nb\tc^M\n");
    }
}
