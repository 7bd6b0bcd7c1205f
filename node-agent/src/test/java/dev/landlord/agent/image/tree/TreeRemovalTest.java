package dev.landlord.agent.image.tree;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class TreeRemovalTest {
    @TempDir
    Path temp;

    @Test
    void removesLinksAndNotWhatTheyPointTo() throws IOException {
        Path outside = Files.createDirectory(temp.resolve("outside"));
        Files.writeString(outside.resolve("canary"), "untouched");
        Path root = Files.createDirectories(temp.resolve("root/deep/er"));
        Files.createSymbolicLink(root.resolve("link"), outside);
        Files.createLink(root.resolve("hard"), outside.resolve("canary"));
        Files.writeString(new RawName("\u00ff\n").under(root), "x");

        TreeRemoval.remove(temp.resolve("root"));

        assertThat(temp.resolve("root")).doesNotExist();
        assertThat(outside.resolve("canary")).hasContent("untouched");
    }

    @Test
    void removesADirectoryThatItsOwnerMayNotWrite() throws IOException {
        Path root = Files.createDirectories(temp.resolve("root/closed"));
        Files.writeString(root.resolve("x"), "x");
        Files.setPosixFilePermissions(root, PosixFilePermissions.fromString("---------"));

        TreeRemoval.remove(temp.resolve("root"));

        assertThat(temp.resolve("root")).doesNotExist();
    }

    @Test
    void aRootThatIsASymlinkIsRemovedItself() throws IOException {
        Path outside = Files.createDirectory(temp.resolve("outside"));
        Path link = Files.createSymbolicLink(temp.resolve("link"), outside);

        TreeRemoval.remove(link);

        assertThat(outside).isDirectory();
        assertThat(link).doesNotExist();
    }

    @Test
    void emptyKeepsTheDirectory() throws IOException {
        Path root = Files.createDirectories(temp.resolve("root"));
        Files.createDirectories(root.resolve("a/b"));

        TreeRemoval.empty(root);

        assertThat(root).isEmptyDirectory();
    }

    @Test
    void nothingToRemoveIsNoError() throws IOException {
        TreeRemoval.remove(temp.resolve("absent"));

        assertThat(temp).isEmptyDirectory();
    }
}
