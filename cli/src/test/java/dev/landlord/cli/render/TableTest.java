package dev.landlord.cli.render;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;

class TableTest {
    @Test
    void columnsAreAlignedAndNothingIsShownThatSteersATerminal() {
        Table table = new Table("NAME", "MESSAGE", "N");
        table.row(List.of("alice", "", "1"));
        table.row(List.of("e", "\u001b]0;x\nroot", "10"));
        assertThat(printed(table)).isEqualTo("""
                NAME   MESSAGE       N
                alice  -             1
                e      ^[]0;x^Jroot  10
                """);
    }

    @Test
    void aLongCellIsCut() {
        Table table = new Table("X");
        table.row(List.of("y".repeat(500)));
        assertThat(printed(table)).isEqualTo("X\n" + "y".repeat(99) + "…\n");
    }

    @Test
    void aRowWithoutACellIsAFault() {
        assertThatThrownBy(() -> new Table("A", "B").row(List.of("1"))).hasMessage("1 cells for 2 columns");
    }

    private static String printed(Table table) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        table.print(new PrintStream(out, true, StandardCharsets.UTF_8), "");
        return out.toString(StandardCharsets.UTF_8);
    }
}
