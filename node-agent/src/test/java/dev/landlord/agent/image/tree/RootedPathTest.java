package dev.landlord.agent.image.tree;

import static org.assertj.core.api.Assertions.assertThat;

import dev.landlord.agent.image.tree.RootedPath.Link;
import dev.landlord.agent.image.tree.RootedPath.Trail;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class RootedPathTest {
    @TempDir
    Path temp;

    private Path root;

    @BeforeEach
    void makeRoot() throws IOException {
        root = Files.createDirectory(temp.resolve("root"));
        Files.writeString(temp.resolve("secret"), "of the host");
        Files.createDirectories(root.resolve("usr/bin"));
        Files.writeString(root.resolve("usr/bin/tool"), "inside");
        link("bin", "usr/bin");
        link("abs", "/usr/bin/tool");
        link("up", "../../../../usr/bin/tool");
        link("loop", "loop");
        link("ping", "pong");
        link("pong", "ping");
        link("steal", temp.resolve("secret").toString());
        link("climb", "../secret");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "usr/bin/tool",
                "/usr/bin/tool",
                "bin/tool",
                "abs",
                "up",
                "../../usr/./bin//tool",
                "usr/bin/../../bin/tool"
            })
    void staysInsideAndFinds(String path) {
        assertThat(follow(path))
                .isInstanceOfSatisfying(
                        Trail.Found.class,
                        found -> assertThat(found.node().path()).hasContent("inside"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"steal", "climb", "../secret", "usr/bin/none", "usr/../../secret", ""})
    void neverReachesOutside(String path) {
        assertThat(follow(path) instanceof Trail.Found found ? found.node().path() : root)
                .isEqualTo(root);
    }

    @ParameterizedTest
    @CsvSource({
        "loop, more than 40 symlinks",
        "ping, more than 40 symlinks",
        "abs/x, /usr/bin/tool is not a directory",
        "none/x, no such file or directory"
    })
    void saysWhyNot(String path, String reason) {
        assertThat(follow(path)).isEqualTo(new Trail.Broken(reason));
    }

    @Test
    void aPathWithoutEndIsCut() {
        assertThat(follow("usr/../".repeat(3000))).isEqualTo(new Trail.Broken("the path has too many components"));
        assertThat(follow("x".repeat(5000))).isInstanceOf(Trail.Broken.class);
        assertThat(follow("a\0b")).isEqualTo(new Trail.Broken("the path has a NUL"));
    }

    @Test
    void tellsTheLinksOnTheWay() {
        assertThat(follow("bin/tool")).isInstanceOfSatisfying(Trail.Found.class, found -> {
            assertThat(found.links()).isEqualTo(List.of(new Link(RawName.ofText("bin"), RawName.ofText("usr/bin"))));
            assertThat(found.node().name()).isEqualTo(RawName.ofText("usr/bin/tool"));
        });
    }

    private Trail follow(String path) {
        return RootedPath.follow(root, RawName.ofText(path));
    }

    private void link(String name, String target) throws IOException {
        Files.createSymbolicLink(root.resolve(name), Path.of(target));
    }
}
