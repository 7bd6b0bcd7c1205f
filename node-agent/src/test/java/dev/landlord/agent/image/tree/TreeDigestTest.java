package dev.landlord.agent.image.tree;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class TreeDigestTest {
    @TempDir
    Path temp;

    private Path root;
    private int uid;
    private int gid;

    @BeforeEach
    void makeTree() throws IOException {
        root = Files.createDirectory(temp.resolve("root"));
        makeIn(root);
        uid = (Integer) Files.getAttribute(root, "unix:uid");
        gid = (Integer) Files.getAttribute(root, "unix:gid");
    }

    private static void makeIn(Path root) throws IOException {
        Files.createDirectory(root.resolve("b"));
        mode(root.resolve("b"), 0750);
        Files.writeString(root.resolve("b/f"), "hello");
        mode(root.resolve("b/f"), 0644);
        Files.createSymbolicLink(root.resolve("a\nl"), Path.of("b/f"));
        Files.writeString(root.resolve("b-"), "");
        mode(root.resolve("b-"), 01600);
    }

    @Test
    void isThatOfTheDocumentedListing() throws Exception {
        String ids = uid + " " + gid;
        String listing = "landlord-tree-1\n"
                + "l - " + ids + " - - 3:a\nl 3:b/f\n"
                + "d 0750 " + ids + " - - 1:b\n"
                + "f 1600 " + ids + " 0 " + sha256("") + " 2:b-\n"
                + "f 0644 " + ids + " 5 " + sha256("hello") + " 3:b/f\n";

        TreeDigest digest = digest(root);

        assertThat(digest).isEqualTo(new TreeDigest(sha256(listing), 5, 4));
    }

    @Test
    void isEqualForEqualContentElsewhere() throws IOException {
        Path other = Files.createDirectory(temp.resolve("other"));
        makeIn(other);
        Files.setLastModifiedTime(other.resolve("b/f"), FileTime.fromMillis(1));

        assertThat(digest(other)).isEqualTo(digest(root));
    }

    @Test
    void aHardLinkCountsAsAFileOfItsOwn() throws IOException {
        Path other = Files.createDirectory(temp.resolve("other"));
        makeIn(other);
        Files.createLink(root.resolve("h"), root.resolve("b/f"));
        Files.copy(other.resolve("b/f"), other.resolve("h"));
        mode(other.resolve("h"), 0644);

        assertThat(digest(other)).isEqualTo(digest(root));
    }

    @Test
    void changesWithEveryPart() throws IOException {
        TreeDigest before = digest(root);
        Files.writeString(root.resolve("b/f"), "hellp");
        TreeDigest content = digest(root);
        mode(root.resolve("b/f"), 0640);
        TreeDigest mode = digest(root);
        Files.delete(root.resolve("a\nl"));
        Files.createSymbolicLink(root.resolve("a\nl"), Path.of("b/g"));
        TreeDigest target = digest(root);
        Files.move(root.resolve("b-"), root.resolve("c-"));
        TreeDigest name = digest(root);

        assertThat(Set.of(before.hex(), content.hex(), mode.hex(), target.hex(), name.hex()))
                .hasSize(5);
    }

    @Test
    void aSocketIsRefusedByName() throws IOException {
        try (ServerSocketChannel socket = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
            socket.bind(UnixDomainSocketAddress.of(root.resolve("b/s")));

            assertThatThrownBy(() -> digest(root)).hasMessage("entry b/s: is a socket; not allowed in an image");
        }
    }

    @Test
    void aTreeWithoutAFileIsRefused() throws IOException {
        Path empty = Files.createDirectories(temp.resolve("empty"));
        Files.createDirectory(empty.resolve("d"));

        assertThatThrownBy(() -> digest(empty)).hasMessageContaining("the image holds no file");
    }

    private static TreeDigest digest(Path root) throws IOException {
        return TreeDigest.of(root, TreeLimits.DEFAULT);
    }

    private static void mode(Path path, int mode) throws IOException {
        Files.setAttribute(path, "unix:mode", mode, LinkOption.NOFOLLOW_LINKS);
    }

    private static String sha256(String text) throws Exception {
        return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(text.getBytes(UTF_8)));
    }
}
