package dev.landlord.agent.image.elf;

import java.io.IOException;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Finds the libraries of a program as glibc's loader does: DT_RPATH of the asking object and of those that loaded it
 * (unless it has DT_RUNPATH), DT_RUNPATH, the configured directories, the default ones. What ends up in an image cannot
 * depend on who asks, so LD_LIBRARY_PATH and the CPU's own variants ({@code glibc-hwcaps}) are left out.
 */
public final class SharedLibraries {
    private static final int MAX_LIBRARIES = 2048;

    /** An object being loaded, and the one that asked for it. */
    private record Loaded(
            Path path, Path origin, ElfFile elf, @Nullable Loaded parent) {}

    /** Stops the search; becomes {@link LinkResult.Unlinkable}. */
    private static final class Stop extends Exception {
        private final LinkResult.Unlinkable result;

        Stop(Path object, String reason) {
            super(reason, null, false, false);
            this.result = new LinkResult.Unlinkable(object, reason);
        }
    }

    private final List<Path> configured;
    private final ElfSource source;
    private final Map<String, Library> found = new LinkedHashMap<>();
    private final Deque<Loaded> queue = new ArrayDeque<>();

    private SharedLibraries(List<Path> configured, ElfSource source) {
        this.configured = configured;
        this.source = source;
    }

    /** @param configured the loader's configured directories, see {@link LinkerConfig} */
    public static LinkResult resolve(Path program, List<Path> configured, ElfSource source) throws IOException {
        try {
            return new SharedLibraries(configured, source).resolve(program);
        } catch (Stop e) {
            return e.result;
        }
    }

    private LinkResult resolve(Path program) throws IOException, Stop {
        ElfFile elf = require(program);
        if (elf.interpreter().isPresent()) {
            addInterpreter(program, elf.interpreter().get());
        }
        queue.add(new Loaded(program, directoryOf(source.realPath(program)), elf, null));
        while (!queue.isEmpty()) {
            Loaded object = queue.remove();
            for (String name : object.elf().needed()) {
                if (!found.containsKey(name)) {
                    load(name, object);
                }
            }
        }
        return new LinkResult.Linked(List.copyOf(found.values()));
    }

    private void addInterpreter(Path program, String text) throws IOException, Stop {
        Path path = pathOf(program, text);
        if (!path.isAbsolute()) {
            throw new Stop(program, "its interpreter " + text + " is not an absolute path");
        }
        require(path);
        // Libraries ask for the loader by its file name.
        found.put(Objects.toString(path.getFileName(), text), new Library(text, path, Library.Via.INTERPRETER));
    }

    private void load(String name, Loaded asker) throws IOException, Stop {
        if (found.size() == MAX_LIBRARIES) {
            throw new Stop(asker.path(), "more than " + MAX_LIBRARIES + " libraries");
        }
        Library library = locate(name, asker);
        found.put(name, library);
        queue.add(new Loaded(library.path(), directoryOf(library.path()), require(library.path()), asker));
    }

    private Library locate(String name, Loaded asker) throws IOException, Stop {
        if (name.indexOf('/') >= 0) {
            Path path = expand(name, asker)
                    .orElseThrow(() -> new Stop(asker.path(), "needs " + name + ", which is not an absolute path"));
            return new Library(name, path, Library.Via.PATH);
        }
        for (Path directory : runPaths(asker)) {
            if (fits(directory.resolve(pathOf(asker.path(), name)), asker.elf().abi())) {
                return new Library(name, directory.resolve(name), Library.Via.RUN_PATH);
            }
        }
        List<Path> rest = asker.elf().noDefaultDirectories()
                ? List.of()
                : directories(asker.elf().abi());
        for (Path directory : rest) {
            if (fits(directory.resolve(pathOf(asker.path(), name)), asker.elf().abi())) {
                return new Library(name, directory.resolve(name), Library.Via.DIRECTORY);
            }
        }
        throw new Stop(asker.path(), "needs the library " + name + ", which is not on this host");
    }

    private static List<Path> runPaths(Loaded asker) {
        List<Path> directories = new ArrayList<>();
        if (!asker.elf().hasRunpath()) {
            for (Loaded object = asker; object != null; object = object.parent()) {
                if (!object.elf().hasRunpath()) {
                    addExpanded(directories, object.elf().rpath(), object);
                }
            }
        }
        addExpanded(directories, asker.elf().runpath(), asker);
        return directories;
    }

    private static void addExpanded(List<Path> directories, List<String> texts, Loaded object) {
        texts.stream().flatMap(text -> expand(text, object).stream()).forEach(directories::add);
    }

    /** Empty for what has another token ($LIB, $PLATFORM) or is relative to the caller's directory. */
    private static Optional<Path> expand(String text, Loaded object) {
        String origin = object.origin().toString();
        String expanded = text.replace("${ORIGIN}", origin).replace("$ORIGIN", origin);
        try {
            return Optional.of(Path.of(expanded)).filter(path -> path.isAbsolute() && expanded.indexOf('$') < 0);
        } catch (InvalidPathException ignored) {
            return Optional.empty();
        }
    }

    private List<Path> directories(ElfFile.Abi abi) {
        return Stream.concat(configured.stream(), defaults(abi)).toList();
    }

    private static Stream<Path> defaults(ElfFile.Abi abi) {
        Stream<String> multiarch =
                triple(abi.machine()).stream().flatMap(triple -> Stream.of("/lib/" + triple, "/usr/lib/" + triple));
        Stream<String> wide = abi.wordBits() == 64 ? Stream.of("/lib64", "/usr/lib64") : Stream.empty();
        return Stream.of(multiarch, wide, Stream.of("/lib", "/usr/lib"))
                .flatMap(names -> names)
                .map(Path::of);
    }

    /** Debian's multiarch directory of an {@code e_machine}. */
    private static Optional<String> triple(int machine) {
        return Optional.ofNullable(
                switch (machine) {
                    case 3 -> "i386-linux-gnu";
                    case 21 -> "powerpc64le-linux-gnu";
                    case 22 -> "s390x-linux-gnu";
                    case 40 -> "arm-linux-gnueabihf";
                    case 62 -> "x86_64-linux-gnu";
                    case 183 -> "aarch64-linux-gnu";
                    case 243 -> "riscv64-linux-gnu";
                    default -> null;
                });
    }

    /** A file of another ABI is passed over, as the loader does. */
    private boolean fits(Path path, ElfFile.Abi abi) throws IOException {
        return source.read(path).orElse(new ElfParse.NotElf()) instanceof ElfParse.Parsed parsed
                && parsed.file().abi().equals(abi);
    }

    private ElfFile require(Path path) throws IOException, Stop {
        ElfParse parse = source.read(path).orElseThrow(() -> new Stop(path, "no such regular file"));
        return switch (parse) {
            case ElfParse.Parsed parsed -> parsed.file();
            case ElfParse.NotElf ignored -> throw new Stop(path, "is not an ELF file");
            case ElfParse.Malformed malformed -> throw new Stop(path, "is a broken ELF file: " + malformed.reason());
        };
    }

    private static Path pathOf(Path object, String text) throws Stop {
        try {
            return Path.of(text);
        } catch (InvalidPathException e) {
            throw new Stop(object, "needs a file whose name is not usable: " + e.getReason());
        }
    }

    private static Path directoryOf(Path file) {
        return Objects.requireNonNullElse(file.getParent(), file);
    }
}
