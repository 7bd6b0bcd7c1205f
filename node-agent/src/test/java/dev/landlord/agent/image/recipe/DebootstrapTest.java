package dev.landlord.agent.image.recipe;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.landlord.agent.image.recipe.DebootstrapCommand.Tools;
import dev.landlord.agent.image.tree.Ownership;
import dev.landlord.agent.image.tree.TreeLimits;
import dev.landlord.agent.image.tree.TreeWalk;
import dev.landlord.agent.image.tree.TreeWriter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class DebootstrapTest {
    private static final Path ROOT = Path.of("/images/staging/1/rootfs");
    private static final Optional<Path> MMDEBSTRAP = Optional.of(Path.of("/usr/bin/mmdebstrap"));
    private static final Optional<Path> DEBOOTSTRAP = Optional.of(Path.of("/usr/sbin/debootstrap"));
    private static final Optional<Path> UNSHARE = Optional.of(Path.of("/usr/bin/unshare"));

    @TempDir
    Path temp;

    @Test
    void prefersMmdebstrapAndRunsItInNamespacesOfItsOwn() {
        assertThat(DebootstrapCommand.plan(new Tools(MMDEBSTRAP, DEBOOTSTRAP, UNSHARE), "bookworm", ROOT))
                .isEqualTo(new DebootstrapCommand.Run(List.of(
                        "/usr/bin/unshare",
                        "--mount",
                        "--propagation=private",
                        "--pid",
                        "--fork",
                        "--kill-child=KILL",
                        "--mount-proc",
                        "--",
                        "/usr/bin/mmdebstrap",
                        "--variant=minbase",
                        "--mode=root",
                        "--format=directory",
                        "--skip=output/dev",
                        "bookworm",
                        ROOT.toString())));
    }

    @Test
    void takesDebootstrapWhereThereIsNoOther() {
        DebootstrapCommand plan =
                DebootstrapCommand.plan(new Tools(Optional.empty(), DEBOOTSTRAP, UNSHARE), "trixie", ROOT);

        assertThat(plan)
                .isInstanceOfSatisfying(
                        DebootstrapCommand.Run.class,
                        run -> assertThat(run.command())
                                .endsWith("/usr/sbin/debootstrap", "--variant=minbase", "trixie", ROOT.toString()));
    }

    @Test
    void aMissingToolIsRefusedWithTheRemedy() {
        assertThat(DebootstrapCommand.plan(new Tools(Optional.empty(), Optional.empty(), UNSHARE), "sid", ROOT))
                .isEqualTo(new DebootstrapCommand.Impossible(
                        "neither mmdebstrap nor debootstrap is installed; install the Debian package mmdebstrap"));
        assertThat(DebootstrapCommand.plan(new Tools(MMDEBSTRAP, DEBOOTSTRAP, Optional.empty()), "sid", ROOT))
                .isEqualTo(new DebootstrapCommand.Impossible(
                        "unshare is not installed; install the Debian package util-linux"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "--help", "../x", "a b", "Bookworm", "book\nworm", "http://mirror"})
    void whatIsNoSuiteIsRefused(String suite) {
        assertThatThrownBy(() -> recipe(suite).fingerprint())
                .hasMessage("bootstrap suite \"" + suite + "\": must match [a-z][a-z0-9.-]{0,39}");
    }

    @Test
    void theOutputOfAFailedToolIsKept() throws IOException {
        tool("unshare", "#!/bin/sh\nwhile [ \"$1\" != -- ]; do shift; done\nshift\nexec \"$@\"\n");
        tool("debootstrap", "#!/bin/sh\necho \"E: no such suite: $2\" >&2\nexit 3\n");
        TreeWriter writer =
                new TreeWriter(Files.createDirectory(temp.resolve("root")), TreeLimits.DEFAULT, Ownership.CALLER);

        assertThatThrownBy(() -> recipe("nosuch").lay(writer))
                .hasMessage("bootstrap suite nosuch: exit status 3: E: no such suite: nosuch (all output: "
                        + temp.resolve("log") + ")");
        assertThat(temp.resolve("log")).hasContent("E: no such suite: nosuch");
    }

    @Test
    void whatBelongsToTheHostOrTheBuildIsRemoved() throws IOException {
        Path root = Files.createDirectory(temp.resolve("root"));
        Path canary = Files.writeString(temp.resolve("canary"), "untouched");
        tool("unshare", "#!/bin/sh\nwhile [ \"$1\" != -- ]; do shift; done\nshift\nexec \"$@\"\n");
        tool("debootstrap", """
                #!/bin/sh
                set -e
                cd "$3"
                mkdir -p bin dev/pts etc proc var/log/apt var/cache/apt/archives var/lib
                touch bin/sh dev/null etc/hostname etc/resolv.conf etc/kept
                touch var/log/dpkg.log var/log/apt/history.log var/cache/apt/archives/x.deb
                ln -s ../canary sys
                ln -s ../../.. var/lib/apt
                """);

        recipe("sid").lay(new TreeWriter(root, TreeLimits.DEFAULT, Ownership.CALLER));

        assertThat(TreeWalk.list(root, TreeLimits.DEFAULT))
                .extracting(node -> node.name().toString())
                .containsExactly(
                        "bin",
                        "bin/sh",
                        "dev",
                        "etc",
                        "etc/kept",
                        "proc",
                        "sys",
                        "var",
                        "var/cache",
                        "var/cache/apt",
                        "var/cache/apt/archives",
                        "var/lib",
                        "var/lib/apt",
                        "var/log",
                        "var/log/apt");
        assertThat(canary).hasContent("untouched");
    }

    private DebootstrapRecipe recipe(String suite) {
        return new DebootstrapRecipe(
                suite, List.of(temp), Duration.ofSeconds(30), temp.resolve("log"), TreeLimits.DEFAULT);
    }

    private void tool(String name, String script) throws IOException {
        Path file = Files.writeString(temp.resolve(name), script);
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxr-xr-x"));
    }
}
