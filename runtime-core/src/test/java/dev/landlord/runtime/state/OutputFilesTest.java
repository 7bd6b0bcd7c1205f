package dev.landlord.runtime.state;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.landlord.runtime.LogPage;
import dev.landlord.runtime.SandboxException;
import dev.landlord.runtime.SandboxException.Kind;
import dev.landlord.runtime.SandboxId;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class OutputFilesTest {
    @TempDir
    private Path parent;

    private OutputFiles output;

    /** Bytes 0 to 9 were rotated away; 10 to 14 and 15 to 17 are kept. */
    @BeforeEach
    void write() throws IOException {
        SandboxDirectory directory = new SandboxDirectory(parent, new SandboxId("s1"));
        directory.create();
        Files.writeString(directory.path().resolve("stdout.10"), "abcde");
        Files.writeString(directory.path().resolve("stdout.15"), "fgh");
        Files.writeString(directory.path().resolve("stderr.0"), "other");
        output = directory.output("stdout");
    }

    private String read(long offset, int maxBytes) {
        LogPage page = output.read(offset, maxBytes);
        return page.offset() + ":" + new String(page.bytes(), StandardCharsets.US_ASCII);
    }

    @Test
    void startsWithTheOldestByteKept() {
        assertThat(read(0, 100)).isEqualTo("10:abcde");
    }

    @Test
    void goesOnInTheMiddleAndIntoTheNextFile() {
        assertThat(read(12, 2)).isEqualTo("12:cd");
        assertThat(read(14, 100)).isEqualTo("14:e");
        assertThat(read(15, 100)).isEqualTo("15:fgh");
    }

    @Test
    void theEndIsAnEmptyPageAtItsOffset() {
        assertThat(read(18, 100)).isEqualTo("18:");
        assertThat(read(1000, 100)).isEqualTo("1000:");
    }

    @Test
    void withoutAnyOutputThePageIsEmpty() {
        LogPage page = new SandboxDirectory(parent, new SandboxId("s1"))
                .output("nothing")
                .read(3, 100);
        assertThat(page.offset()).isEqualTo(3);
        assertThat(page.bytes()).isEmpty();
    }

    @Test
    void aPageOfNoBytesOrBeforeTheBeginningIsRefused() {
        assertThatThrownBy(() -> output.read(0, 0)).isInstanceOfSatisfying(SandboxException.class, this::isInvalid);
        assertThatThrownBy(() -> output.read(-1, 10)).isInstanceOfSatisfying(SandboxException.class, this::isInvalid);
        assertThatThrownBy(() -> output.read(0, (16 << 20) + 1))
                .isInstanceOfSatisfying(SandboxException.class, this::isInvalid);
    }

    private void isInvalid(SandboxException e) {
        assertThat(e.kind()).isEqualTo(Kind.INVALID);
        assertThat(e).hasMessageContaining("read output");
    }
}
