package dev.landlord.agent.image;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Builds the operator's images and keeps them. Thread-safe. */
public final class ImageCatalogue {
    private final Path imagesDirectory;

    public ImageCatalogue(Path imagesDirectory) {
        this.imagesDirectory = imagesDirectory;
    }

    /** Makes every image of the list usable, or says why not; one outcome per source, in the order given. */
    public List<ImageOutcome> build(List<ImageSource> sources) {
        return sources.stream()
                .<ImageOutcome>map(source -> new ImageOutcome.Refused(
                        source.name(), "build image " + source.name() + " in " + imagesDirectory + ": not built yet"))
                .toList();
    }

    /** The root file system of an image that is ready. */
    public Optional<Path> rootfs(String name) {
        return Optional.empty();
    }

    /** Content digest ({@code sha256:...}) by name, of every image that is ready. */
    public Map<String, String> digests() {
        return Map.of();
    }

    /**
     * Removes images from the disk that are neither in the configuration last built nor in {@code inUseDigests}.
     *
     * @return the digests that were removed
     */
    public Set<String> collect(Set<String> inUseDigests) {
        return Set.of();
    }
}
