package dev.landlord.agent.image;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.landlord.agent.image.ImageOutcome.Ready;
import dev.landlord.agent.image.ImageOutcome.Refused;
import dev.landlord.agent.image.ImageSource.Kind;
import dev.landlord.agent.image.tree.Ownership;
import dev.landlord.agent.image.tree.TreeLimits;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Directories stand in for all kinds where the kind does not matter: they need neither tools nor privilege. */
final class ImageCatalogueTest {
    private static final TreeLimits SMALL = new TreeLimits(100, 100_000, 8, 100, 300);

    @TempDir
    Path temp;

    private Path store;
    private Path source;

    @BeforeEach
    void makeSource() throws IOException {
        store = temp.resolve("images");
        source = Files.createDirectory(temp.resolve("source"));
        Files.writeString(source.resolve("app"), "one");
    }

    @Test
    void aReadyImageIsSharedByItsContent() throws IOException {
        Path twin = Files.createDirectory(temp.resolve("twin"));
        Files.writeString(twin.resolve("app"), "one");
        Files.setPosixFilePermissions(twin.resolve("app"), Files.getPosixFilePermissions(source.resolve("app")));
        ImageCatalogue catalogue = open();

        Ready first = ready(catalogue, directory("web", source));
        Ready second = ready(catalogue, directory("web", source), directory("shop", twin));

        assertThat(first.digest()).matches("sha256:[0-9a-f]{64}");
        assertThat(first.path())
                .isEqualTo(store.resolve(first.digest().substring(7)).resolve("rootfs"));
        assertThat(first.bytes()).isEqualTo(3);
        assertThat(first.path().resolve("app")).hasContent("one");
        assertThat(second).isEqualTo(first);
        assertThat(catalogue.rootfs("shop")).contains(first.path());
        assertThat(catalogue.digests()).isEqualTo(Map.of("web", first.digest(), "shop", first.digest()));
    }

    @Test
    void everyImageHasTheRuntimesMountPoints() throws IOException {
        Path root = ready(open(), directory("web", source)).path();

        assertThat(root.toFile().list()).containsExactlyInAnyOrder("app", "dev", "proc", "sys", "tmp");
        assertThat(mode(root)).isEqualTo(0755);
        assertThat(mode(root.resolve("tmp"))).isEqualTo(01777);
        assertThat(mode(entryOf(root))).isEqualTo(0755);
        assertThat(mode(store)).isEqualTo(0700);
    }

    @Test
    void aMountPointThatLeadsElsewhereIsRefused() throws IOException {
        Files.createSymbolicLink(source.resolve("dev"), temp);

        assertThat(open().build(List.of(directory("web", source))))
                .containsExactly(
                        new Refused("web", "image web: entry /dev: must be a directory in an image, is a symlink"));
    }

    @Test
    void aBrokenImageStopsNoOther() throws IOException {
        Path tar = Files.writeString(temp.resolve("broken.tar"), "no tar at all");
        ImageCatalogue catalogue = open();

        List<ImageOutcome> outcomes = catalogue.build(List.of(
                new ImageSource("bad", Kind.TAR, tar.toString()),
                directory("web", source),
                new ImageSource("gone", Kind.DIRECTORY, temp.resolve("none").toString()),
                new ImageSource("tools", Kind.DEBOOTSTRAP, "bookworm")));

        assertThat(outcomes.get(0))
                .isInstanceOfSatisfying(
                        Refused.class,
                        refused -> assertThat(refused.reason())
                                .startsWith("image bad: extract " + tar
                                        + ": is cut off or not a tar file: it has no end marker"));
        assertThat(outcomes.get(1)).isInstanceOf(Ready.class);
        assertThat(outcomes.get(2))
                .isEqualTo(new Refused(
                        "gone", "image gone: copy directory " + temp.resolve("none") + ": no such file or directory"));
        assertThat(outcomes.get(3))
                .isEqualTo(new Refused(
                        "tools",
                        "image tools: bootstrap suite bookworm: neither mmdebstrap nor debootstrap is installed;"
                                + " install the Debian package mmdebstrap"));
        assertThat(catalogue.digests()).containsOnlyKeys("web");
        assertThat(catalogue.rootfs("bad")).isEmpty();
        assertThat(store.resolve("staging")).isEmptyDirectory();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "..", "a/b", "../../etc", "/etc/passwd", "Web", "a b", "-x", "x-", "a\nb"})
    void aBadNameIsRefusedAndNeverBecomesAPath(String name) {
        assertThat(open().build(List.of(directory(name, source))))
                .containsExactly(new Refused(
                        name,
                        "image \"" + name.replace('\n', '?')
                                + "\": the name must match [a-z0-9]([a-z0-9-]{0,38}[a-z0-9])?"));
        assertThat(store.resolve("names")).isEmptyDirectory();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "TAR | relative.tar | image x: extract \"relative.tar\": must be an absolute path without . and ..",
                "TAR | '' | image x: extract \"\": must be an absolute path without . and ..",
                "DIRECTORY | /srv/../etc | image x: copy directory \"/srv/../etc\": must be an absolute path",
                "DIRECTORY | /etc/passwd | image x: copy directory /etc/passwd: is a file, not a directory",
                "TAR | /etc | image x: extract /etc: is a directory, not a file",
                "BUSYBOX | /none/busybox | image x: build busybox image from /none/busybox: no such file; install",
                "BINARIES | bash | image x: build image of programs from \"bash\": must be an absolute path",
                "DIRECTORY | / | image x: copy directory /: it contains the image store",
                "DEBOOTSTRAP | --foreign | image x: bootstrap suite \"--foreign\": must match"
            })
    void aBadSourceIsNamed(Kind kind, String text, String reason) {
        assertThat(open().build(List.of(new ImageSource("x", kind, text))))
                .singleElement()
                .isInstanceOfSatisfying(
                        Refused.class, refused -> assertThat(refused.reason()).startsWith(reason));
    }

    @Test
    void aKindThatIsMissingIsNamed() {
        assertThatThrownBy(() -> new ImageSource("web", null, "/x"))
                .hasMessageStartingWith("image web: kind is missing");
        assertThat(new ImageSource(null, Kind.BUSYBOX, null)).isEqualTo(new ImageSource("", Kind.BUSYBOX, ""));
    }

    @Test
    void aNameThatIsConfiguredTwiceIsRefusedTheSecondTime() {
        ImageCatalogue catalogue = open();

        List<ImageOutcome> outcomes = catalogue.build(List.of(directory("web", source), directory("web", temp)));

        assertThat(outcomes.get(0)).isInstanceOf(Ready.class);
        assertThat(outcomes.get(1)).isEqualTo(new Refused("web", "image web: the name is configured twice"));
        assertThat(catalogue.rootfs("web")).isPresent();
    }

    @Test
    void theNumberOfImagesIsBounded() {
        List<ImageSource> sources = IntStream.range(0, 257)
                .mapToObj(i -> new ImageSource("i" + i, Kind.TAR, "/none"))
                .toList();

        assertThat(open().build(sources).getLast())
                .isEqualTo(new Refused("i256", "image i256: more than 256 images are configured"));
    }

    @Test
    void anUnchangedSourceIsNotBuiltAgain() throws IOException {
        Ready before = ready(open(), directory("web", source));
        // What a build would not do: the store's copy now differs from the source.
        Files.writeString(before.path().resolve("app"), "two");

        Ready after = ready(open(), directory("web", source));

        assertThat(after).isEqualTo(before);
        assertThat(after.path().resolve("app")).hasContent("two");
    }

    @Test
    void aChangedSourceIsBuiltBesideTheOldContent() throws IOException {
        ImageCatalogue catalogue = open();
        Ready before = ready(catalogue, directory("web", source));
        Files.writeString(source.resolve("app"), "other");

        Ready after = ready(catalogue, directory("web", source));

        assertThat(after.digest()).isNotEqualTo(before.digest());
        assertThat(before.path().resolve("app")).hasContent("one");
        assertThat(after.path().resolve("app")).hasContent("other");
        assertThat(catalogue.rootfs("web")).contains(after.path());
    }

    @Test
    void aSourceThatBreaksIsNotReadyAnyMoreAndItsContentStays() throws IOException {
        ImageCatalogue catalogue = open();
        Ready before = ready(catalogue, directory("web", source));
        Files.delete(source.resolve("app"));

        assertThat(catalogue.build(List.of(directory("web", source)))).hasOnlyElementsOfType(Refused.class);
        assertThat(catalogue.rootfs("web")).isEmpty();
        assertThat(catalogue.collect(Set.of())).isEmpty();
        assertThat(before.path().resolve("app")).hasContent("one");
    }

    @Test
    void leftoversOfAnEarlierLifeAreSwept() throws IOException {
        ready(open(), directory("web", source));
        Path left = Files.createDirectories(store.resolve("staging/build-1/rootfs/deep"));
        Files.createSymbolicLink(left.resolve("link"), source);

        ImageCatalogue catalogue = open();

        assertThat(store.resolve("staging")).isEmptyDirectory();
        assertThat(source.resolve("app")).exists();
        assertThat(catalogue.digests()).isEmpty();
    }

    @Test
    void collectRemovesWhatIsNeitherConfiguredNorUsed() throws IOException {
        Path other = Files.createDirectory(temp.resolve("other"));
        ImageCatalogue catalogue = open();
        Ready used = ready(catalogue, directory("used", source));
        Files.writeString(source.resolve("app"), "unused");
        Ready unused = ready(catalogue, directory("used", source));
        Files.writeString(other.resolve("app"), "kept");
        Ready kept = ready(catalogue, directory("kept", other));

        Set<String> removed = catalogue.collect(Set.of(used.digest()));

        assertThat(removed).containsExactly(unused.digest());
        assertThat(unused.path()).doesNotExist();
        assertThat(used.path()).isDirectory();
        assertThat(kept.path()).isDirectory();
        assertThat(store.resolve("names").toFile().list()).containsExactly("kept");
        assertThat(store.resolve("staging")).isEmptyDirectory();
    }

    @Test
    void collectRemovesNothingBeforeTheConfigurationIsKnown() {
        Ready image = ready(open(), directory("web", source));

        assertThat(open().collect(Set.of())).isEmpty();
        assertThat(image.path()).isDirectory();
    }

    @Test
    void damageInTheStoreIsNoticedAndNeverRepairedUnderARunningSandbox() throws IOException {
        Ready image = ready(open(), directory("web", source));
        Path entry = entryOf(image.path());
        Files.delete(entry.resolve("manifest"));

        assertThat(open().build(List.of(directory("web", source))))
                .containsExactly(new Refused(
                        "web",
                        "image web: publish " + entry + ": is there but damaged; remove it while no sandbox uses it"));
        assertThat(image.path().resolve("app")).hasContent("one");
    }

    @Test
    void anImageOverTheLimitsLeavesNothing() throws IOException {
        Files.writeString(source.resolve("big"), "x".repeat(100_001));

        assertThat(open().build(List.of(directory("web", source))))
                .containsExactly(new Refused(
                        "web", "image web: copy directory " + source + ": entry big: more than 100000 bytes in all"));
        assertThat(store.resolve("staging")).isEmptyDirectory();
    }

    @Test
    void hardLinksOfADirectoryStayLinks() throws IOException {
        Files.createLink(source.resolve("again"), source.resolve("app"));
        Files.createSymbolicLink(source.resolve("link"), Path.of("/etc/passwd"));

        Path root = ready(open(), directory("web", source)).path();

        assertThat(Files.isSameFile(root.resolve("again"), root.resolve("app"))).isTrue();
        assertThat(Files.readSymbolicLink(root.resolve("link"))).hasToString("/etc/passwd");
    }

    @Test
    void aStoreThatCannotBeMadeIsNamed() throws IOException {
        Path file = Files.writeString(temp.resolve("file"), "");

        assertThatThrownBy(() -> new ImageCatalogue(file.resolve("images")))
                .isInstanceOf(UncheckedIOException.class)
                .hasMessageStartingWith("open image store " + file.resolve("images") + ": ");
    }

    private ImageCatalogue open() {
        return new ImageCatalogue(
                store,
                new ImageSettings(
                        temp.resolve("busybox"), List.of(temp), Duration.ofSeconds(30), SMALL, Ownership.CALLER));
    }

    private static ImageSource directory(String name, Path path) {
        return new ImageSource(name, Kind.DIRECTORY, path.toString());
    }

    /** Builds all, and gives the first. */
    private static Ready ready(ImageCatalogue catalogue, ImageSource... sources) {
        List<ImageOutcome> outcomes = catalogue.build(List.of(sources));
        assertThat(outcomes).hasOnlyElementsOfType(Ready.class);
        return (Ready) outcomes.getFirst();
    }

    private static Path entryOf(Path root) {
        return root.resolve("..").normalize();
    }

    private static int mode(Path path) throws IOException {
        return (Integer) Files.getAttribute(path, "unix:mode", LinkOption.NOFOLLOW_LINKS) & 07777;
    }
}
