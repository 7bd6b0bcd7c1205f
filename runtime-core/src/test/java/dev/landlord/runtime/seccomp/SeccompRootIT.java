package dev.landlord.runtime.seccomp;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The filter in the kernel, over a process that is root and would be allowed all of it. */
@Tag("root")
class SeccompRootIT {
    private static final int SIGSYS = 31;

    @TempDir
    Path scratch;

    @BeforeEach
    void writeFilters() throws IOException {
        Files.write(scratch.resolve("policy"), SeccompPolicy.compile());
        Files.write(scratch.resolve("open"), new byte[] {6, 0, 0, 0, 0, 0, -1, 0x7f});
        try (InputStream in = Objects.requireNonNull(getClass().getResourceAsStream("/seccomp/load-and-call.pl"))) {
            Files.write(scratch.resolve("load-and-call.pl"), in.readAllBytes());
        }
    }

    private record Ended(int status, List<String> lines) {}

    private Ended call(String filter, String... calls) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(
                List.of("/usr/bin/perl", scratch.resolve("load-and-call.pl").toString()));
        command.add(scratch.resolve(filter).toString());
        command.addAll(List.of(calls));
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        return new Ended(process.waitFor(), output.lines().toList());
    }

    @Test
    void theKernelTakesItAndAnswersAsThePolicySays() throws Exception {
        assertThat(call(
                                "policy",
                                "27", // getpid
                                "29,2,1,0", // socket inet stream, whose number is 41 decimal
                                "110,0", // unshare nothing
                                "134,ffff,0", // setns
                                "1b3,0,0", // clone3
                                "10,0,5412,0", // ioctl TIOCSTI
                                "10,0,100005412,0",
                                "29,26,5,0", // socket AF_ALG
                                "29,10,3,9", // socket netlink audit
                                "1a9,0,0", // io_uring_setup
                                "141,0,0,0", // bpf
                                "1c3,0,0,0,0", // cachestat
                                "3e8") // number 1000
                        .lines())
                .containsExactly(
                        "27 0",
                        "29,2,1,0 0",
                        "110,0 1",
                        "134,ffff,0 1",
                        "1b3,0,0 38",
                        "10,0,5412,0 1",
                        "10,0,100005412,0 1",
                        "29,26,5,0 97",
                        "29,10,3,9 93",
                        "1a9,0,0 1",
                        "141,0,0,0 1",
                        "1c3,0,0,0,0 38",
                        "3e8 38");
    }

    /** So that the refusals above are the filter's. */
    @Test
    void withoutThePolicyTheSameCallsAnswerOtherwise() throws Exception {
        assertThat(call("open", "110,0", "134,ffff,0", "1b3,0,0", "10,0,5412,0").lines())
                .containsExactly("110,0 0", "134,ffff,0 9", "1b3,0,0 22", "10,0,5412,0 25");
    }

    @Test
    void aNumberOfX32EndsTheProgram() throws Exception {
        Ended ended = call("policy", "27", "40000027", "27");

        assertThat(ended.status()).isEqualTo(128 + SIGSYS);
        assertThat(ended.lines()).containsExactly("27 0");
    }

    @Test
    void aProgramOf32BitsEndsAtItsFirstCall() throws Exception {
        Path program = exitWith42();

        assertThat(call("policy", "exec:" + program).status()).isEqualTo(128 + SIGSYS);
        assertThat(call("open", "exec:" + program).status())
                .as("this kernel runs such programs")
                .isEqualTo(42);
    }

    /** The smallest program for i386: exit(42) by int 0x80. */
    private Path exitWith42() throws IOException {
        byte[] code = {(byte) 0xb8, 1, 0, 0, 0, (byte) 0xbb, 42, 0, 0, 0, (byte) 0xcd, (byte) 0x80};
        int base = 0x0804_8000;
        int headers = 52 + 32;
        ByteBuffer elf = ByteBuffer.allocate(headers + code.length).order(ByteOrder.LITTLE_ENDIAN);
        elf.put(new byte[] {0x7f, 'E', 'L', 'F', 1, 1, 1}).position(16);
        elf.putShort((short) 2).putShort((short) 3).putInt(1); // executable, i386
        elf.putInt(base + headers).putInt(52).putInt(0).putInt(0); // entry, program header
        elf.putShort((short) 52).putShort((short) 32).putShort((short) 1).position(52);
        elf.putInt(1).putInt(0).putInt(base).putInt(base); // load all of it
        elf.putInt(elf.capacity()).putInt(elf.capacity()).putInt(5).putInt(4096);
        elf.put(code);
        Path program = scratch.resolve("exit42");
        Files.write(program, elf.array());
        return Files.setPosixFilePermissions(program, PosixFilePermissions.fromString("rwxr-xr-x"));
    }
}
