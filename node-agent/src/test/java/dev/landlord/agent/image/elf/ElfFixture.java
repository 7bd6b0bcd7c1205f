package dev.landlord.agent.image.elf;

import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/** A host with nothing but the files that a test puts there. */
final class ElfFixture implements ElfSource {
    private final Map<Path, ElfParse> files = new HashMap<>();
    private final Map<Path, Path> realPaths = new HashMap<>();

    ElfFixture put(String path, ElfBytes bytes) {
        files.put(Path.of(path), ElfParser.parse(bytes.build()));
        return this;
    }

    ElfFixture put(String path, ElfParse parse) {
        files.put(Path.of(path), parse);
        return this;
    }

    ElfFixture realPath(String path, String real) {
        realPaths.put(Path.of(path), Path.of(real));
        return this;
    }

    @Override
    public Optional<ElfParse> read(Path path) {
        return Optional.ofNullable(files.get(path.normalize()));
    }

    @Override
    public Path realPath(Path path) {
        return realPaths.getOrDefault(path, path);
    }
}
