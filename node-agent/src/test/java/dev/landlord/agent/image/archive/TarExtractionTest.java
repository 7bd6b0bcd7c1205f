package dev.landlord.agent.image.archive;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.landlord.agent.image.tree.ImageException;
import dev.landlord.agent.image.tree.Ownership;
import dev.landlord.agent.image.tree.TreeLimits;
import dev.landlord.agent.image.tree.TreeRemoval;
import dev.landlord.agent.image.tree.TreeWriter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.zip.GZIPOutputStream;
import org.apache.commons.compress.compressors.bzip2.BZip2CompressorOutputStream;
import org.apache.commons.compress.compressors.xz.XZCompressorOutputStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class TarExtractionTest {
    private static final TreeLimits SMALL = new TreeLimits(20, 1000, 8, 100, 300);

    @TempDir
    Path temp;

    private Path root;
    private Path archive;

    @BeforeEach
    void makeRoot() throws IOException {
        root = Files.createDirectory(temp.resolve("root"));
        archive = temp.resolve("image.tar");
    }

    @Test
    void extractsWhatATarHas() throws IOException {
        extract(new TarBytes()
                .directory(".")
                .directory("./bin")
                .file("./bin/tool", "x", entry -> entry.setMode(0104755))
                .symlink("./bin/sh", "/bin/tool")
                .hardLink("./bin/again", "./bin/tool")
                .hardLink("./bin/sh2", "./bin/sh")
                .file("no/parents/ű.txt", "y")
                .file("old-style-directory/", "")
                .file("x".repeat(99) + "/" + "y".repeat(99), "long"));

        assertThat(Files.getAttribute(root.resolve("bin/tool"), "unix:mode")).isEqualTo(0104755);
        assertThat(Files.isSameFile(root.resolve("bin/again"), root.resolve("bin/tool")))
                .isTrue();
        assertThat(Files.readSymbolicLink(root.resolve("bin/sh2"))).hasToString("/bin/tool");
        assertThat(root.resolve("no/parents").toFile().list()).containsExactly("ű.txt");
        assertThat(root.resolve("old-style-directory")).isDirectory();
        assertThat(root.resolve("x".repeat(99) + "/" + "y".repeat(99))).hasContent("long");
        assertThat(Files.getAttribute(root, "unix:mode", LinkOption.NOFOLLOW_LINKS))
                .isEqualTo(040755);
    }

    @Test
    void unpacksGzipAndXzByTheirContent() throws IOException {
        TreeWriter writer = writer();
        TarExtraction.extract(new TarBytes().file("a", "1").write(archive, GZIPOutputStream::new), writer);
        TarExtraction.extract(new TarBytes().file("b", "2").write(archive, XZCompressorOutputStream::new), writer);

        assertThat(root.resolve("a")).hasContent("1");
        assertThat(root.resolve("b")).hasContent("2");
    }

    @Test
    void otherPackingsAreRefusedByName() throws IOException {
        new TarBytes().file("a", "1").write(archive, BZip2CompressorOutputStream::new);
        assertRefused("is packed with bzip2; unpack it, or use gzip or xz");

        Files.write(archive, new byte[] {0x28, (byte) 0xb5, 0x2f, (byte) 0xfd, 0, 0});
        assertRefused("is packed with zstd");
    }

    @Test
    void namesThatEscapeAreRefused() throws IOException {
        assertRefused(new TarBytes().file("../evil", "x"), "entry ../evil: the name leaves the image (..)");
        assertRefused(new TarBytes().file("a/../../evil", "x"), "entry a/../../evil: the name leaves the image (..)");
        assertRefused(new TarBytes().file("/evil", "x"), "entry /evil: the name is absolute");
        assertRefused(new TarBytes().directory(".."), "the name leaves the image (..)");
        assertRefused(new TarBytes().symlink("/evil", "x"), "entry /evil: the name is absolute");
        assertThat(temp.resolve("evil")).doesNotExist();
    }

    @Test
    void nothingGoesThroughAnEarlierSymlink() throws IOException {
        Path outside = Files.createDirectory(temp.resolve("outside"));
        String target = outside.toString();

        assertRefused(new TarBytes().symlink("d", target).file("d/evil", "x"), "entry d: is a symlink already");
        assertRefused(new TarBytes().symlink("d", target).directory("d"), "entry d: is a symlink already");
        assertRefused(new TarBytes().symlink("d", target).symlink("d/evil", "x"), "entry d: is a symlink already");
        assertRefused(
                new TarBytes().file("f", "x").symlink("d", "../outside").hardLink("d/evil", "f"),
                "entry d: is a symlink already");
        extract(new TarBytes().symlink("ok", target + "/canary").file("ok", "replaces the link"));

        assertThat(outside).isEmptyDirectory();
        assertThat(root.resolve("ok")).hasContent("replaces the link");
    }

    @Test
    void hardLinksStayInside() throws IOException {
        Path secret = Files.writeString(temp.resolve("secret"), "of the host");

        assertRefused(new TarBytes().hardLink("a", secret.toString()), "which leaves the image");
        assertRefused(new TarBytes().hardLink("a", "../secret"), "which leaves the image");
        assertRefused(new TarBytes().hardLink("a", "none"), "hard link to none, which is not earlier in the image");
        assertRefused(new TarBytes().symlink("d", temp.toString()).hardLink("a", "d/secret"), "which is not earlier");
        assertRefused(new TarBytes().directory("d").hardLink("a", "d"), "which is a directory");
        assertRefused(new TarBytes().hardLink("a", "."), "which is not earlier");
        assertThat(Files.getAttribute(secret, "unix:nlink")).isEqualTo(1);
    }

    @Test
    void devicesAndOtherThingsAreRefusedByName() throws IOException {
        assertRefused(new TarBytes().special((byte) '3', "dev/null"), "entry dev/null: is a device; leave /dev out");
        assertRefused(new TarBytes().special((byte) '4', "dev/sda"), "entry dev/sda: is a device");
        assertRefused(new TarBytes().special((byte) '6', "pipe"), "entry pipe: is a named pipe");
        assertRefused(new TarBytes().special((byte) 'V', "label"), "entry label: has the unknown type 86");
    }

    @Test
    void ownersOutsideOfASandboxAreRefused() throws IOException {
        assertRefused(
                new TarBytes().file("a", "x", entry -> entry.setUserId(65_536)),
                "entry a: owner 65536:0 is not between 0 and 65535");
        assertRefused(new TarBytes().file("a", "x", entry -> entry.setGroupId(1L << 40)), "is not between");
    }

    @Test
    void bombsEndAtTheLimits() throws IOException {
        TarBytes many = new TarBytes();
        for (int i = 0; i < 21; i++) {
            many.file("f" + i, "");
        }
        assertRefused(many, "entry f20: more than 20 entries");

        new TarBytes().file("big", "0".repeat(1001)).write(archive, GZIPOutputStream::new);
        assertRefused("entry big: more than 1000 bytes in all");

        assertRefused(new TarBytes().file("a/".repeat(8) + "f", ""), "deeper than 8 directories");
        assertRefused(new TarBytes().file("n".repeat(101), ""), "a name is longer than 100 bytes");
        assertRefused(new TarBytes().file("n/".repeat(3) + "n/".repeat(150) + "x", ""), "the path is longer than 300");
    }

    /** A name of gigabytes is held in memory by the parser of the archive, before any rule of ours sees it. */
    @Test
    void aHeaderWithoutEndIsCut() throws IOException {
        new TarBytes().longName("n".repeat(3 << 20)).file("x", "").write(archive, GZIPOutputStream::new);

        assertRefused("is broken or cut off: a header is too large");
    }

    @Test
    void aTruncatedArchiveIsRefusedWhereverItWasCut() throws IOException {
        byte[] whole = new TarBytes().file("a", "x".repeat(600)).file("b", "y").build();
        int end = 512 + 1024 + 512 + 512;

        for (int length = 0; length < end + 512; length += 64) {
            Files.write(archive, Arrays.copyOf(whole, length));
            assertThatThrownBy(this::extract).as("first %d bytes", length).isInstanceOf(ImageException.class);
            emptyRoot();
        }
        Files.write(archive, Arrays.copyOf(whole, end + 1024));
        extract();
    }

    @Test
    void aTruncatedOrDamagedGzipIsRefused() throws IOException {
        byte[] whole = Files.readAllBytes(new TarBytes().file("a", "x").write(archive, GZIPOutputStream::new));

        Files.write(archive, Arrays.copyOf(whole, whole.length - 4));
        assertRefused("extract " + archive);
        byte[] damaged = whole.clone();
        damaged[damaged.length - 6] ^= 1;
        Files.write(archive, damaged);
        assertRefused("extract " + archive);
    }

    @Test
    void whatIsNoTarIsRefused() throws IOException {
        Files.writeString(archive, "");
        assertRefused("is empty");
        Files.writeString(archive, "hello ".repeat(1000));
        assertRefused("extract " + archive + ": is broken or cut off");
        Files.write(archive, new byte[] {0x1f, (byte) 0x8b, 1, 2, 3});
        assertRefused("extract " + archive);
        Files.delete(archive);
        assertRefused("extract " + archive + ": no such file or directory");
    }

    private void extract(TarBytes tar) throws IOException {
        tar.write(archive);
        extract();
    }

    private void extract() throws IOException {
        TreeWriter writer = writer();
        TarExtraction.extract(archive, writer);
        writer.finish();
    }

    private void assertRefused(TarBytes tar, String reason) throws IOException {
        tar.write(archive);
        assertRefused(reason);
    }

    private void assertRefused(String reason) throws IOException {
        assertThatThrownBy(this::extract)
                .isInstanceOf(ImageException.class)
                .hasMessageStartingWith("extract " + archive + ": ")
                .hasMessageContaining(reason);
        emptyRoot();
    }

    private void emptyRoot() throws IOException {
        TreeRemoval.empty(root);
    }

    private TreeWriter writer() {
        return new TreeWriter(root, SMALL, Ownership.CALLER);
    }
}
