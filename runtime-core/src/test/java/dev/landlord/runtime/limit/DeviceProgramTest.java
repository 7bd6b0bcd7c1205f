package dev.landlord.runtime.limit;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** The bytes one by one, and what they answer. What the kernel makes of them is tested where there is one to ask. */
class DeviceProgramTest {
    private static final int BLOCK = 1;
    private static final int CHARACTER = 2;

    @Test
    void isTheGoldenProgram() throws IOException {
        HexFormat hex = HexFormat.of();
        byte[] program = DeviceProgram.bytes();
        StringBuilder lines = new StringBuilder();
        for (int at = 0; at < program.length; at += 8) {
            lines.append(hex.formatHex(program, at, at + 8)).append('\n');
        }
        assertThat(lines.toString()).isEqualTo(golden());
    }

    /** Its lines begin with the bytes; what they mean stands behind them, for people. */
    private static String golden() throws IOException {
        try (InputStream in =
                Objects.requireNonNull(DeviceProgramTest.class.getResourceAsStream("/limit/devices.txt"))) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8)
                    .lines()
                    .map(line -> line.substring(0, 16) + "\n")
                    .collect(Collectors.joining());
        }
    }

    @Test
    void letsThroughWhatIsOnTheListForEveryUseAndNothingElse() {
        Set<String> let = new TreeSet<>();
        for (int access = 1; access <= 7; access++) {
            for (int major = 0; major < 300; major++) {
                for (int minor = 0; minor < 300; minor++) {
                    if (answer(access << 16 | BLOCK, major, minor) != 0) {
                        let.add(access + " block " + major + ":" + minor);
                    }
                    if (answer(access << 16 | CHARACTER, major, minor) == 1) {
                        let.add(access + " " + major + ":" + (major == 136 ? "*" : minor));
                    }
                }
            }
        }
        Set<String> listed = new TreeSet<>();
        for (int access = 1; access <= 7; access++) {
            for (String line : AllowedDevice.lines()) {
                listed.add(access + " " + line.split(" ", -1)[1]);
            }
        }
        assertThat(let).isEqualTo(listed);
        assertThat(answer(4 << 16 | CHARACTER, 136, 1 << 19)).isOne();
    }

    private static final ByteBuffer CODE =
            ByteBuffer.wrap(DeviceProgram.bytes()).order(ByteOrder.LITTLE_ENDIAN);

    /** As the kernel's machine does it, for the instructions that are used. */
    private static long answer(int access, int major, int minor) {
        int[] context = {access, major, minor};
        long[] registers = new long[11];
        for (int at = 0; ; at++) {
            int to = CODE.get(at * 8 + 1) & 0xf;
            int offset = CODE.getShort(at * 8 + 2);
            int value = CODE.getInt(at * 8 + 4);
            switch (CODE.get(at * 8) & 0xff) {
                case 0x61 -> registers[to] = context[offset / 4] & 0xffff_ffffL;
                case 0x54 -> registers[to] = registers[to] & value & 0xffff_ffffL;
                case 0xb7 -> registers[to] = value;
                case 0x15 -> at += registers[to] == value ? offset : 0;
                case 0x55 -> at += registers[to] != value ? offset : 0;
                case 0x95 -> {
                    return registers[0];
                }
                default -> throw new AssertionError("unknown instruction " + at);
            }
        }
    }
}
