package dev.landlord.agent.image.elf;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

final class ElfParserTest {
    private static final int DT_RPATH = 15;
    private static final int DT_RUNPATH = 29;
    private static final long DT_FLAGS_1 = 0x6ffffffbL;
    private static final String LOADER = "/lib64/ld-linux-x86-64.so.2";

    static Stream<Arguments> kinds() {
        return Stream.of(true, false)
                .flatMap(wide -> Stream.of(ByteOrder.LITTLE_ENDIAN, ByteOrder.BIG_ENDIAN)
                        .map(order -> Arguments.of(wide, order)));
    }

    @ParameterizedTest
    @MethodSource("kinds")
    void readsBothWidthsAndByteOrders(boolean wide, ByteOrder order) {
        ByteBuffer bytes = new ElfBytes(wide, order)
                .machine(183)
                .interpreter(LOADER)
                .needed("libc.so.6", "libm.so.6")
                .text(DT_RPATH, "/a:$ORIGIN/b::")
                .text(DT_RUNPATH, "")
                .entry(DT_FLAGS_1, 0x801)
                .build();

        assertThat(ElfParser.parse(bytes))
                .isEqualTo(new ElfParse.Parsed(new ElfFile(
                        new ElfFile.Abi(wide ? 64 : 32, order == ByteOrder.LITTLE_ENDIAN, 183),
                        Optional.of(LOADER),
                        List.of("libc.so.6", "libm.so.6"),
                        List.of("/a", "$ORIGIN/b"),
                        List.of(),
                        true,
                        true)));
    }

    @Test
    void aFileWithoutSegmentsIsStatic() {
        ByteBuffer bytes = ElfBytes.x86().build().putShort(56, (short) 0);

        assertThat(parsed(bytes).isStatic()).isTrue();
        assertThat(parsed(ElfBytes.x86().needed("x").build()).isStatic()).isFalse();
        assertThat(parsed(ElfBytes.x86().interpreter("/x").build()).isStatic()).isFalse();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "#!/bin/sh\n", "\u007fEL", "MZ and more"})
    void otherFilesAreNotElf(String text) {
        assertThat(ElfParser.parse(ByteBuffer.wrap(text.getBytes(UTF_8)))).isEqualTo(new ElfParse.NotElf());
    }

    /** Every prefix of a file that needs all of its bytes. */
    @Test
    void aTruncatedFileIsMalformed() {
        ByteBuffer whole = sample();

        for (int length = 4; length < whole.limit(); length++) {
            ElfParse parse = ElfParser.parse(whole.duplicate().limit(length).slice());
            assertThat(parse).as("first %d bytes", length).isInstanceOf(ElfParse.Malformed.class);
        }
        assertThat(ElfParser.parse(whole)).isInstanceOf(ElfParse.Parsed.class);
    }

    static Stream<Arguments> lies() {
        int segment = 64;
        return Stream.of(
                Arguments.of("class", patch(b -> b.put(4, (byte) 3)), "unknown class"),
                Arguments.of("byte order", patch(b -> b.put(5, (byte) 0)), "unknown class"),
                Arguments.of("segments far away", patch(b -> b.putLong(32, Long.MAX_VALUE)), "the file ends before"),
                Arguments.of("segments at -1", patch(b -> b.putLong(32, -1)), "the file ends before"),
                Arguments.of("65535 segments", patch(b -> b.putShort(56, (short) -1)), "65535 entries"),
                Arguments.of("overlapping segments", patch(b -> b.putShort(54, (short) 1)), "entries of 1 bytes"),
                Arguments.of(
                        "interpreter of 4 GiB",
                        patch(b -> b.putLong(segment + 2 * 56 + 32, 1L << 32)),
                        "interpreter path of 4294967296 bytes"),
                Arguments.of(
                        "interpreter outside", patch(b -> b.putLong(segment + 2 * 56 + 8, 1L << 40)), "ends before"),
                Arguments.of(
                        "dynamic section of 2^63 bytes",
                        patch(b -> b.putLong(segment + 56 + 32, Long.MIN_VALUE)),
                        "dynamic section with 576460752303423488 entries"),
                Arguments.of("no loaded segment", patch(b -> b.putInt(segment, 0)), "outside of every loaded segment"),
                Arguments.of(
                        "strings outside",
                        ElfBytes.x86().entry(1, 1_000_000).build(),
                        "string outside the string table"),
                Arguments.of("string at -1", ElfBytes.x86().entry(1, -1).build(), "string outside the string table"),
                Arguments.of("empty name", ElfBytes.x86().entry(1, 0).build(), "empty name"));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("lies")
    void aLieIsNamed(String what, ByteBuffer bytes, String reason) {
        assertThat(ElfParser.parse(bytes))
                .as(what)
                .isInstanceOfSatisfying(
                        ElfParse.Malformed.class,
                        malformed -> assertThat(malformed.reason()).contains(reason));
    }

    @Test
    void countsAreBounded() {
        ElfBytes many = ElfBytes.x86();
        for (int i = 0; i < 1025; i++) {
            many.needed("lib" + i);
        }
        ElfBytes endless = ElfBytes.x86();
        for (int i = 0; i < 65_537; i++) {
            endless.entry(99, 0);
        }

        assertThat(ElfParser.parse(many.build())).isEqualTo(new ElfParse.Malformed("more than 1024 needed libraries"));
        assertThat(ElfParser.parse(endless.build())).isInstanceOf(ElfParse.Malformed.class);
        assertThat(ElfParser.parse(ElfBytes.x86().needed("x".repeat(5000)).build()))
                .isEqualTo(new ElfParse.Malformed("string without an end"));
    }

    /** Damage never leads to anything but an answer; half of the seeds damage a real program. */
    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
    void damageIsAlwaysAnswered(long seed) throws IOException {
        SplittableRandom random = new SplittableRandom(seed);
        ByteBuffer original = seed % 2 == 0 ? sample() : ByteBuffer.wrap(Files.readAllBytes(Path.of("/bin/ls")));
        int headers = Math.min(original.limit(), 1200);
        for (int round = 0; round < 5000; round++) {
            ByteBuffer bytes = ByteBuffer.allocate(original.limit())
                    .put(original.duplicate().clear());
            for (int i = random.nextInt(1, 6); i > 0; i--) {
                bytes.put(random.nextInt(4, headers), interesting(random));
            }
            assertThat(ElfParser.parse(bytes))
                    .as("seed %d round %d", seed, round)
                    .isNotInstanceOf(ElfParse.NotElf.class);
        }
    }

    private static byte interesting(SplittableRandom random) {
        byte[] values = {0, 1, 2, 3, 0x7f, (byte) 0x80, (byte) 0xff, (byte) random.nextInt()};
        return values[random.nextInt(values.length)];
    }

    private interface Patch {
        void apply(ByteBuffer bytes);
    }

    private static ByteBuffer patch(Patch patch) {
        ByteBuffer bytes = sample();
        patch.apply(bytes);
        return bytes;
    }

    private static ByteBuffer sample() {
        return ElfBytes.x86()
                .interpreter(LOADER)
                .needed("libc.so.6")
                .text(DT_RUNPATH, "/x")
                .build();
    }

    private static ElfFile parsed(ByteBuffer bytes) {
        return ((ElfParse.Parsed) ElfParser.parse(bytes)).file();
    }
}
