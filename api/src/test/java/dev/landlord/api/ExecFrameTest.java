package dev.landlord.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.landlord.api.exec.ExecFrame;
import dev.landlord.api.exec.ExecSpec;
import dev.landlord.api.exec.ExecTerminal;
import dev.landlord.api.workload.InvalidField;
import java.util.Collections;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Pins the wire form of exec streams: two versions of the product talk to each other. */
class ExecFrameTest {
    private static final Map<String, ExecFrame> GOLDEN = Map.ofEntries(
            Map.entry("006869", new ExecFrame.Input(new byte[] {'h', 'i'})),
            Map.entry("01", new ExecFrame.InputEnd()),
            Map.entry("0200321000", new ExecFrame.Resize(50, 4096)),
            Map.entry("0302", new ExecFrame.Signal(2)),
            Map.entry("0400001f40", new ExecFrame.Read(8000)),
            Map.entry("106869", new ExecFrame.Output(new byte[] {'h', 'i'})),
            Map.entry("116869", new ExecFrame.Errors(new byte[] {'h', 'i'})),
            Map.entry("1200000002", new ExecFrame.Taken(2)),
            Map.entry("13", new ExecFrame.Started()),
            Map.entry("140000008900000009", new ExecFrame.Exited(137, 9)),
            Map.entry("156e6f", new ExecFrame.Failed("no")));

    @Test
    void eachFrameHasItsBytes() {
        GOLDEN.forEach((hex, frame) -> {
            byte[] bytes = HexFormat.of().parseHex(hex);
            assertThat(frame.encode()).as(frame.toString()).isEqualTo(bytes);
            assertThat(ExecFrame.decode(bytes).encode()).as(hex).isEqualTo(bytes);
            assertThat(ExecFrame.isClients(bytes)).as(hex).isEqualTo(bytes[0] < 16);
        });
    }

    @Test
    void whatIsNoFrameIsRefusedAndNeverAnythingElse() {
        for (String hex : List.of(
                "",
                "05",
                "0f",
                "16",
                "ff",
                "02",
                "0200000001",
                "020001",
                "0300",
                "0341",
                "030101",
                "0400040001",
                "04ffffffff",
                "120000",
                "1400000100",
                "140000010000000000")) {
            byte[] bytes = HexFormat.of().parseHex(hex);
            assertThatThrownBy(() -> ExecFrame.decode(bytes)).as(hex).isInstanceOf(IllegalArgumentException.class);
        }
        Random random = new Random(20_261_126);
        for (int i = 0; i < 50_000; i++) {
            byte[] bytes = new byte[random.nextInt(12)];
            random.nextBytes(bytes);
            try {
                assertThat(ExecFrame.decode(bytes)).isNotNull();
            } catch (IllegalArgumentException refused) {
                assertThat(refused).hasMessageContaining("frame");
            }
        }
    }

    @Test
    void aFrameIsBounded() {
        byte[] most = new byte[ExecFrame.DATA_MAX_BYTES];
        assertThat(new ExecFrame.Input(most).encode()).hasSizeLessThan(8192);
        assertThatThrownBy(() -> new ExecFrame.Input(new byte[ExecFrame.DATA_MAX_BYTES + 1]).encode())
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> ExecFrame.decode(new byte[ExecFrame.DATA_MAX_BYTES + 2]))
                .isInstanceOf(IllegalArgumentException.class);
        assertThat(new ExecFrame.Failed("ü".repeat(5000)).encode()).hasSize(1 + 2 * ExecFrame.REASON_MAX);
    }

    @Test
    void whatIsAskedForIsBounded() {
        assertThatThrownBy(() -> new ExecSpec(List.of(), false, null)).isInstanceOf(InvalidField.class);
        assertThatThrownBy(() -> new ExecSpec(List.of(""), false, null)).isInstanceOf(InvalidField.class);
        assertThatThrownBy(() -> new ExecSpec(Collections.nCopies(257, "x"), false, null))
                .hasMessageContaining("command");
        assertThatThrownBy(() -> new ExecSpec(List.of("sh", "a\0b"), false, null))
                .hasMessageContaining("NUL");
        assertThatThrownBy(() -> new ExecTerminal(0, 80, "xterm")).hasMessageContaining("terminal.rows");
        assertThatThrownBy(() -> new ExecTerminal(24, 80, "x\ny")).hasMessageContaining("terminal.type");
    }
}
