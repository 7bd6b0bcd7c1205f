package dev.landlord.agent.image;

import dev.landlord.agent.image.recipe.BinariesRecipe;
import dev.landlord.agent.image.recipe.BusyboxRecipe;
import dev.landlord.agent.image.recipe.DebootstrapRecipe;
import dev.landlord.agent.image.recipe.DirectoryRecipe;
import dev.landlord.agent.image.recipe.Recipe;
import dev.landlord.agent.image.recipe.SourcePath;
import dev.landlord.agent.image.recipe.TarRecipe;
import dev.landlord.agent.image.tree.ImageException;
import dev.landlord.api.id.ImageName;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Builds the operator's images and keeps them under {@code IMAGES_DIRECTORY/<sha256 of the content>/rootfs}. An image whose
 * source did not change since it was built is used as it is, so that a restart costs no build. Thread-safe; questions are
 * answered while a build runs. One process uses an images directory at a time.
 */
public final class ImageCatalogue {
    private static final Logger LOG = LoggerFactory.getLogger(ImageCatalogue.class);
    private static final String DIGEST_PREFIX = "sha256:";
    private static final int MAX_IMAGES = 256;

    /** How far a line of the catalogue came before anything slow is done. */
    private sealed interface Line {
        record Done(ImageOutcome outcome) implements Line {}

        record ToBuild(String name, Recipe recipe, String fingerprint) implements Line {}
    }

    private final ImageStore store;
    private final ImageSettings settings;
    private final Map<String, ImageOutcome.Ready> ready = new ConcurrentHashMap<>();
    /** Of the last build; none before the first. Guarded by this. */
    private Optional<Set<String>> configured = Optional.empty();

    /** @throws UncheckedIOException naming the directory, if it cannot be used */
    public ImageCatalogue(Path imagesDirectory) {
        this(imagesDirectory, ImageSettings.DEFAULT);
    }

    /** @throws UncheckedIOException naming the directory, if it cannot be used */
    public ImageCatalogue(Path imagesDirectory, ImageSettings settings) {
        this.settings = settings;
        try {
            this.store = ImageStore.open(imagesDirectory.toAbsolutePath().normalize());
        } catch (IOException e) {
            throw failure("open image store", imagesDirectory, e);
        }
    }

    /**
     * Makes every image of the list usable, or says why not; one outcome per source, in the order given. Images that need no
     * build are ready first, so that a slow or broken one delays none of them. A name that is not in the list, or was
     * refused, is not ready any more; its content stays on disk for the sandboxes that run on it until {@link #collect}.
     */
    public synchronized List<ImageOutcome> build(List<ImageSource> sources) {
        Set<String> names = sources.stream().map(ImageSource::name).collect(Collectors.toSet());
        configured = Optional.of(names);
        ready.keySet().retainAll(names);
        List<Line> lines = new ArrayList<>();
        Set<String> seen = new HashSet<>();
        for (ImageSource source : sources) {
            lines.add(check(source, seen));
        }
        return lines.stream().map(this::finish).toList();
    }

    /** The root file system of an image that is ready. */
    public Optional<Path> rootfs(String name) {
        return Optional.ofNullable(ready.get(name)).map(ImageOutcome.Ready::path);
    }

    /** Content digest ({@code sha256:...}) by name, of every image that is ready. */
    public Map<String, String> digests() {
        Map<String, String> digests = new TreeMap<>();
        ready.forEach((name, image) -> digests.put(name, image.digest()));
        return digests;
    }

    /**
     * Removes images from the disk that are neither configured, as of the last build, nor in {@code inUseDigests}
     * ({@code sha256:...}). Removes nothing before the first build: what is configured is not known then.
     *
     * @return the digests that were removed
     * @throws UncheckedIOException naming the store, if the disk fails
     */
    public synchronized Set<String> collect(Set<String> inUseDigests) {
        if (configured.isEmpty()) {
            return Set.of();
        }
        try {
            Set<String> kept = new HashSet<>();
            inUseDigests.forEach(digest -> kept.add(hexOf(digest)));
            ready.values().forEach(image -> kept.add(hexOf(image.digest())));
            for (String name : configured.get()) {
                if (isName(name)) {
                    store.named(name).ifPresent(named -> kept.add(named.hex()));
                }
            }
            store.forgetAllBut(configured.get());
            return store.removeAllBut(kept).stream()
                    .map(hex -> DIGEST_PREFIX + hex)
                    .collect(Collectors.toSet());
        } catch (IOException e) {
            throw failure("collect images in", store.directory(), e);
        }
    }

    /** Everything that is cheap: the rules, and whether the store has what the source would give. */
    private Line check(ImageSource source, Set<String> seen) {
        String name = source.name();
        if (!isName(name)) {
            return new Line.Done(refusal(
                    name, "image \"" + printable(name) + "\": the name must match [a-z0-9]([a-z0-9-]{0,38}[a-z0-9])?"));
        }
        if (!seen.add(name)) {
            return new Line.Done(refusal(name, "image " + name + ": the name is configured twice"));
        }
        if (seen.size() > MAX_IMAGES) {
            return new Line.Done(refused(name, "more than " + MAX_IMAGES + " images are configured"));
        }
        try {
            Recipe recipe = recipe(source);
            String fingerprint = recipe.fingerprint();
            Optional<ImageStore.Named> named =
                    store.named(name).filter(known -> known.fingerprint().equals(fingerprint));
            Optional<ImageStore.Stored> stored =
                    named.isPresent() ? store.find(named.get().hex()) : Optional.empty();
            return stored.<Line>map(image -> new Line.Done(publish(name, image)))
                    .orElseGet(() -> new Line.ToBuild(name, recipe, fingerprint));
        } catch (IOException e) {
            return new Line.Done(
                    refused(name, ImageException.of("read", source.source(), e).getMessage()));
        } catch (RuntimeException e) {
            return new Line.Done(bug(name, e));
        }
    }

    private Recipe recipe(ImageSource source) throws ImageException {
        String text = source.source();
        return switch (source.kind()) {
            case BUSYBOX ->
                new BusyboxRecipe(
                        text.isEmpty() ? settings.busybox() : SourcePath.parse("build busybox image from", text));
            case BINARIES -> BinariesRecipe.parse(text);
            case DIRECTORY ->
                new DirectoryRecipe(SourcePath.parse("copy directory", text), store.directory(), settings.limits());
            case TAR -> new TarRecipe(SourcePath.parse("extract", text));
            case DEBOOTSTRAP ->
                new DebootstrapRecipe(
                        text,
                        settings.toolDirectories(),
                        settings.toolTimeout(),
                        store.failureLog(source.name()),
                        settings.limits());
        };
    }

    private ImageOutcome finish(Line line) {
        return switch (line) {
            case Line.Done done -> done.outcome();
            case Line.ToBuild build -> buildOne(build);
        };
    }

    private ImageOutcome buildOne(Line.ToBuild line) {
        long start = System.nanoTime();
        try {
            ImageStore.Stored stored = new ImageBuild(store, settings).run(line.recipe());
            store.remember(line.name(), new ImageStore.Named(stored.hex(), line.fingerprint()));
            ImageOutcome.Ready image = publish(line.name(), stored);
            long millis = Duration.ofNanos(System.nanoTime() - start).toMillis();
            LOG.info("built image {} in {} ms: {} bytes, {}", line.name(), millis, image.bytes(), image.digest());
            return image;
        } catch (IOException e) {
            return refused(
                    line.name(),
                    ImageException.of("build in", store.directory().toString(), e)
                            .getMessage());
        } catch (RuntimeException e) {
            return bug(line.name(), e);
        }
    }

    private ImageOutcome.Ready publish(String name, ImageStore.Stored stored) {
        ImageOutcome.Ready image =
                new ImageOutcome.Ready(name, DIGEST_PREFIX + stored.hex(), stored.rootfs(), stored.bytes());
        ready.put(name, image);
        return image;
    }

    private ImageOutcome.Refused refused(String name, String reason) {
        ready.remove(name);
        return refusal(name, "image " + name + ": " + reason);
    }

    /** A fault of our own, or of a parser that met something new: it costs its image and no other. */
    private ImageOutcome.Refused bug(String name, RuntimeException fault) {
        LOG.error("image {}: unexpected fault", name, fault);
        return refused(name, "unexpected fault, see the log: " + fault);
    }

    private static ImageOutcome.Refused refusal(String name, String message) {
        LOG.warn("{}", message);
        return new ImageOutcome.Refused(name, message);
    }

    private static boolean isName(String name) {
        try {
            return ImageName.valueOf(name).value().equals(name);
        } catch (IllegalArgumentException ignored) {
            return false;
        }
    }

    private static String hexOf(String digest) {
        return digest.startsWith(DIGEST_PREFIX) ? digest.substring(DIGEST_PREFIX.length()) : digest;
    }

    private static String printable(String text) {
        String line = text.replaceAll("\\p{Cntrl}", "?");
        return line.length() <= 100 ? line : line.substring(0, 100) + "...";
    }

    private static UncheckedIOException failure(String operation, Path directory, IOException cause) {
        ImageException named = ImageException.of(operation, directory.toString(), cause);
        return new UncheckedIOException(named.getMessage(), named);
    }
}
