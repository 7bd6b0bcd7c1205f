package dev.landlord.cli.terminal;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class WindowSizeTest {
    @Test
    void readsWhatSttyPrints() {
        assertThat(WindowSize.parse("24 80\n")).contains(new WindowSize(24, 80));
        assertThat(WindowSize.parse("99999 80")).contains(new WindowSize(4096, 80));
    }

    @Test
    void aTerminalThatDoesNotKnowItsSizeHasNone() {
        for (String line : new String[] {"", "0 0", "0 80", "24", "-1 80", "24 80 1", "a b", "999999 80"}) {
            assertThat(WindowSize.parse(line)).as(line).isEmpty();
        }
    }
}
