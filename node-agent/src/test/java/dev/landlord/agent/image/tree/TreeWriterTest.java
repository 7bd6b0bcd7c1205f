package dev.landlord.agent.image.tree;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class TreeWriterTest {
    private static final TreeLimits SMALL = new TreeLimits(10, 100, 4, 20, 40);

    @TempDir
    Path temp;

    private Path root;
    private Path canary;
    private TreeWriter writer;

    @BeforeEach
    void makeRoot() throws IOException {
        root = Files.createDirectory(temp.resolve("root"));
        canary = Files.writeString(temp.resolve("canary"), "untouched");
        writer = new TreeWriter(root, SMALL, Ownership.CALLER);
    }

    @Test
    void writesAllThatAnImageHas() throws IOException {
        file("bin/tool", 04755, "x");
        writer.symlink(name("bin/sh"), name("tool"), Attributes.ofRoot(0777));
        writer.hardLink(name("bin/again"), name("bin/tool"));
        writer.directory(name("bin"), Attributes.ofRoot(0555));
        writer.finish();

        assertThat(mode("bin/tool")).isEqualTo(04755);
        assertThat(mode("bin")).isEqualTo(0555);
        assertThat(Files.isSameFile(root.resolve("bin/again"), root.resolve("bin/tool")))
                .isTrue();
        assertThat(Files.readSymbolicLink(root.resolve("bin/sh"))).hasToString("tool");
        assertThat(Files.getLastModifiedTime(root.resolve("bin/tool")).toMillis())
                .isZero();
    }

    @Test
    void aLaterEntryReplacesAnEarlierOneAndNotWhatItPointsTo() throws IOException {
        writer.symlink(name("x"), name(canary.toString()), Attributes.ofRoot(0777));
        file("x", 0644, "new");

        assertThat(canary).hasContent("untouched");
        assertThat(root.resolve("x")).hasContent("new").isRegularFile();
    }

    @Test
    void aHardLinkedFileIsNotChangedThroughItsOtherName() throws IOException {
        file("a", 0644, "old");
        writer.hardLink(name("b"), name("a"));
        file("b", 0644, "new");

        assertThat(root.resolve("a")).hasContent("old");
    }

    @Test
    void nothingGoesThroughASymlink() throws IOException {
        writer.symlink(name("out"), name(temp.toString()), Attributes.ofRoot(0777));

        assertThatThrownBy(() -> file("out/evil", 0644, "x")).hasMessageContaining("entry out: is a symlink already");
        assertThatThrownBy(() -> writer.directory(name("out"), Attributes.ofRoot(0777)))
                .hasMessageContaining("is a symlink already");
        assertThatThrownBy(() -> writer.hardLink(name("b"), name("out/canary")))
                .hasMessageContaining("hard link to out/canary, which is not earlier in the image");
        assertThat(temp.resolve("evil")).doesNotExist();
    }

    @Test
    void aDirectoryIsNotReplaced() throws IOException {
        file("d/x", 0644, "x");

        assertThatThrownBy(() -> file("d", 0644, "x")).hasMessage("entry d: is a directory already");
        assertThatThrownBy(() -> writer.hardLink(name("e"), name("d"))).hasMessageContaining("which is a directory");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "/", "/abs", "..", "a/../b", "./a", "a//b", "a/", "nul\0x", "a/b/c/d/e"})
    void aBadNameIsRefused(String text) {
        assertThatThrownBy(() -> file(text, 0644, "x")).isInstanceOf(ImageException.class);
        assertThat(root).isEmptyDirectory();
    }

    @Test
    void lengthsAreBounded() {
        assertThatThrownBy(() -> file("x".repeat(21), 0644, "x"))
                .hasMessageContaining("a name is longer than 20 bytes");
        assertThatThrownBy(() -> file("x".repeat(19) + "/" + "y".repeat(19) + "/zz", 0644, "x"))
                .hasMessageContaining("the path is longer than 40 bytes");
    }

    @Test
    void entriesAreBoundedWithTheDirectoriesInBetween() throws IOException {
        for (int i = 0; i < 5; i++) {
            file("d" + i + "/x", 0644, "");
        }

        assertThatThrownBy(() -> file("y", 0644, "")).hasMessage("entry y: more than 10 entries");
    }

    @Test
    void bytesAreBoundedWhateverWasAnnounced() throws IOException {
        file("a", 0644, "x".repeat(60));

        assertThatThrownBy(() -> writer.file(name("b"), Attributes.ofRoot(0644), 1, content("x".repeat(41))))
                .hasMessage("entry b: more than 100 bytes in all");
        assertThatThrownBy(() -> writer.file(name("c"), Attributes.ofRoot(0644), 1L << 60, content("")))
                .hasMessage("entry c: more than 100 bytes in all");
        assertThat(root.resolve("c")).doesNotExist();
    }

    @Test
    void ownersAreBounded() {
        Attributes stranger =
                new Attributes(0644, 65_536, 0, Attributes.ofRoot(0).modified());

        assertThatThrownBy(() -> writer.file(name("a"), stranger, 0, content("")))
                .hasMessage("entry a: owner 65536:0 is not between 0 and 65535");
    }

    private void file(String name, int mode, String text) throws IOException {
        writer.file(name(name), Attributes.ofRoot(mode), text.length(), content(text));
    }

    private static InputStream content(String text) {
        return new ByteArrayInputStream(text.getBytes(UTF_8));
    }

    private int mode(String name) throws IOException {
        return (Integer) Files.getAttribute(root.resolve(name), "unix:mode", LinkOption.NOFOLLOW_LINKS) & 07777;
    }

    private static RawName name(String text) {
        return RawName.ofText(text);
    }
}
