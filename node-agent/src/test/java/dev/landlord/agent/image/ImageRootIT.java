package dev.landlord.agent.image;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.landlord.agent.image.ImageOutcome.Ready;
import dev.landlord.agent.image.ImageOutcome.Refused;
import dev.landlord.agent.image.ImageSource.Kind;
import dev.landlord.agent.image.content.CommandLookup;
import dev.landlord.agent.image.content.UserLookup;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Images with the owners that they are to have, and programs that start in them. */
@Tag("root")
final class ImageRootIT {
    @TempDir
    Path temp;

    private ImageCatalogue catalogue;

    @BeforeEach
    void open() {
        catalogue = new ImageCatalogue(temp.resolve("images"));
    }

    @Test
    void theBuiltInImageRuns() throws Exception {
        Path root = build(Kind.BUSYBOX, "").path();

        assertThat(chroot(
                        root,
                        "/bin/sh",
                        "-c",
                        "ls / | tr '\\n' ' ' && echo && id -un && cat /etc/hosts | head -1 && httpd --help"))
                .startsWith(
                        "bin dev etc home mnt opt proc root run sbin srv sys tmp usr var \nroot\n127.0.0.1 localhost\n");
        assertThat(CommandLookup.find(root, "awk", CommandLookup.DEFAULT_PATH, "/"))
                .isEqualTo(new CommandLookup.Found("/usr/bin/awk"));
        assertThat(UserLookup.find(root, "nobody")).isEqualTo(new UserLookup.Found(65534, 65534, List.of(), "/"));
        assertThat(owner(root.resolve("bin/busybox"))).isEqualTo("0:0");
        assertThat(owner(root)).isEqualTo("0:0");
    }

    @Test
    void programsOfThisHostRunInAnOtherwiseEmptyRoot() throws Exception {
        Path root = build(Kind.BINARIES, "/bin/bash,/bin/ls,/bin/cat").path();

        assertThat(chroot(root, "/bin/bash", "-c", "ls /bin/ && cat /etc/passwd | { read -r line; echo \"$line\"; }"))
                .isEqualTo("bash\ncat\nls\nroot:x:0:0:root:/root:/bin/sh\n");
        assertThat(CommandLookup.find(root, "ls", CommandLookup.DEFAULT_PATH, "/"))
                .isInstanceOf(CommandLookup.Found.class);
        assertThat(CommandLookup.find(root, "rm", CommandLookup.DEFAULT_PATH, "/"))
                .isInstanceOf(CommandLookup.NotFound.class);
    }

    /** awk is a link to a link on Debian; perl has libraries beside the common ones. */
    @Test
    void programsBehindLinksRunToo() throws Exception {
        Path root = build(Kind.BINARIES, "/usr/bin/awk,/usr/bin/perl,/bin/true").path();

        assertThat(chroot(root, "/usr/bin/awk", "BEGIN { print 6 * 7 }")).isEqualTo("42\n");
        assertThat(chroot(root, "/usr/bin/perl", "-v")).contains("This is perl 5");
    }

    @Test
    void ownersAndSetuidBitsOfATarAreKept() throws Exception {
        Path tree = Files.createDirectory(temp.resolve("tree"));
        file(tree.resolve("app"), 04750, 1000, 2000);
        file(tree.resolve("last"), 0600, 65535, 65534);
        Files.createSymbolicLink(tree.resolve("link"), Path.of("app"));
        own(tree.resolve("link"), 33, 34);
        Files.createLink(tree.resolve("hard"), tree.resolve("app"));
        Files.createDirectory(tree.resolve("home"));
        Files.setAttribute(tree.resolve("home"), "unix:mode", 02775);
        own(tree.resolve("home"), 1000, 1000);
        run("tar", "-C", tree.toString(), "-czf", temp.resolve("plain.tgz").toString(), ".");
        run(
                "tar",
                "--format=pax",
                "-C",
                tree.toString(),
                "-cJf",
                temp.resolve("pax.txz").toString(),
                ".");

        Ready directory = build(Kind.DIRECTORY, tree.toString());
        Ready gzip = build(Kind.TAR, temp.resolve("plain.tgz").toString());
        Ready xz = build(Kind.TAR, temp.resolve("pax.txz").toString());

        assertThat(gzip.digest()).isEqualTo(directory.digest());
        assertThat(xz.digest()).isEqualTo(directory.digest());
        Path root = gzip.path();
        assertThat(owner(root.resolve("app"))).isEqualTo("1000:2000");
        assertThat(owner(root.resolve("last"))).isEqualTo("65535:65534");
        assertThat(owner(root.resolve("link"))).isEqualTo("33:34");
        assertThat(owner(root.resolve("home"))).isEqualTo("1000:1000");
        assertThat(mode(root.resolve("app"))).isEqualTo(04750);
        assertThat(mode(root.resolve("home"))).isEqualTo(02775);
        assertThat(owner(root)).isEqualTo("0:0");
        assertThat(mode(root)).isEqualTo(0755);
    }

    @Test
    void devicesOfADirectoryAreRefusedByName() throws Exception {
        Path tree = Files.createDirectory(temp.resolve("tree"));
        Files.writeString(tree.resolve("app"), "x");
        run("mkfifo", tree.resolve("pipe").toString());

        assertThat(catalogue.build(List.of(new ImageSource("x", Kind.DIRECTORY, tree.toString()))))
                .containsExactly(new Refused(
                        "x",
                        "image x: copy directory " + tree + ": entry pipe: is a named pipe; not allowed in an image"));
    }

    @Test
    void anOwnerOutsideOfASandboxIsRefusedByName() throws Exception {
        Path tree = Files.createDirectory(temp.resolve("tree"));
        file(tree.resolve("app"), 0644, 100_000, 0);

        assertThat(catalogue.build(List.of(new ImageSource("x", Kind.DIRECTORY, tree.toString()))))
                .containsExactly(new Refused(
                        "x",
                        "image x: copy directory " + tree + ": entry app: owner 100000:0 is not between 0 and 65535"));
    }

    private Ready build(Kind kind, String source) {
        List<ImageOutcome> outcomes = catalogue.build(List.of(new ImageSource("x", kind, source)));
        assertThat(outcomes).hasOnlyElementsOfType(Ready.class);
        return (Ready) outcomes.getFirst();
    }

    private static String chroot(Path root, String... command) throws Exception {
        List<String> whole = new ArrayList<>(List.of("chroot", root.toString()));
        whole.addAll(List.of(command));
        return run(whole.toArray(String[]::new));
    }

    private static String run(String... command) throws Exception {
        ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
        builder.environment().clear();
        builder.environment().put("PATH", CommandLookup.DEFAULT_PATH);
        Process process = builder.start();
        String output = new String(process.getInputStream().readAllBytes(), UTF_8);
        assertThat(process.waitFor()).as(output).isZero();
        return output;
    }

    private static void file(Path path, int mode, int uid, int gid) throws IOException {
        Files.writeString(path, path.getFileName().toString());
        own(path, uid, gid);
        Files.setAttribute(path, "unix:mode", mode);
    }

    private static void own(Path path, int uid, int gid) throws IOException {
        Files.setAttribute(path, "unix:uid", uid, LinkOption.NOFOLLOW_LINKS);
        Files.setAttribute(path, "unix:gid", gid, LinkOption.NOFOLLOW_LINKS);
    }

    private static String owner(Path path) throws IOException {
        return Files.getAttribute(path, "unix:uid", LinkOption.NOFOLLOW_LINKS)
                + ":"
                + Files.getAttribute(path, "unix:gid", LinkOption.NOFOLLOW_LINKS);
    }

    private static int mode(Path path) throws IOException {
        return (Integer) Files.getAttribute(path, "unix:mode", LinkOption.NOFOLLOW_LINKS) & 07777;
    }
}
