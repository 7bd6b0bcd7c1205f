package dev.landlord.agent.image.recipe;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.landlord.agent.image.elf.ElfParse;
import dev.landlord.agent.image.elf.HostElfSource;
import dev.landlord.agent.image.elf.Library;
import dev.landlord.agent.image.elf.LinkResult;
import dev.landlord.agent.image.elf.LinkerConfig;
import dev.landlord.agent.image.elf.SharedLibraries;
import dev.landlord.agent.image.tree.ImageException;
import dev.landlord.agent.image.tree.Node;
import dev.landlord.agent.image.tree.NodeType;
import dev.landlord.agent.image.tree.RawName;
import dev.landlord.agent.image.tree.RootedPath;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.TreeMap;

/**
 * Everything that an image of programs holds, as a plan.
 *
 * @param links symlink name to target, relative to the root
 * @param files name in the image to the file of this host
 */
record ProgramClosure(NavigableMap<RawName, RawName> links, NavigableMap<RawName, Node> files) {
    private static final Path HOST = Path.of("/");
    private static final Path LINKER_CONFIG = Path.of("/etc/ld.so.conf");
    private static final int MAX_INTERPRETERS = 4;
    private static final int MAX_SCRIPT_LINE = 256;

    static ProgramClosure of(List<Path> programs) throws IOException {
        return of(programs, LinkerConfig.read(LINKER_CONFIG));
    }

    /** @param configured directories in which this host's loader looks beside its default ones */
    static ProgramClosure of(List<Path> programs, List<Path> configured) throws IOException {
        ProgramClosure closure = new ProgramClosure(new TreeMap<>(), new TreeMap<>());
        for (Path program : programs) {
            closure.addProgram(program, configured, 0);
        }
        return closure;
    }

    private void addProgram(Path program, List<Path> configured, int depth) throws IOException {
        Node node = add(program);
        if ((node.mode() & 0111) == 0) {
            throw new ImageException(BinariesRecipe.OPERATION, program.toString(), "is not executable");
        }
        HostElfSource source = new HostElfSource();
        switch (source.read(program).orElseThrow()) {
            case ElfParse.Parsed ignored -> addLibraries(program, configured, source);
            case ElfParse.NotElf ignored -> addScriptInterpreter(program, configured, depth);
            case ElfParse.Malformed malformed ->
                throw new ImageException(
                        BinariesRecipe.OPERATION, program.toString(), "is a broken ELF file: " + malformed.reason());
        }
    }

    private void addLibraries(Path program, List<Path> configured, HostElfSource source) throws IOException {
        switch (SharedLibraries.resolve(program, configured, source)) {
            case LinkResult.Linked linked -> {
                for (Library library : linked.libraries()) {
                    add(library.path());
                }
                addAliases(linked.libraries(), source);
            }
            case LinkResult.Unlinkable failure ->
                throw new ImageException(
                        BinariesRecipe.OPERATION, program.toString(), failure.object() + " " + failure.reason());
        }
    }

    /**
     * The loader in the image has no configuration and no cache: what was found here through them gets a second name beside
     * the loader, in a directory that it always searches.
     */
    private void addAliases(List<Library> libraries, HostElfSource source) throws IOException {
        Optional<Library> loader = libraries.stream()
                .filter(library -> library.via() == Library.Via.INTERPRETER)
                .findFirst();
        if (loader.isEmpty()) {
            return;
        }
        Path beside = parent(source.realPath(loader.get().path()));
        for (Library library : libraries) {
            Path directory = source.realPath(parent(library.path()));
            if (library.via() == Library.Via.DIRECTORY && !directory.equals(beside)) {
                RawName alias = RawName.of(beside.resolve(library.name()));
                alias = RawName.join(alias.components());
                if (!files.containsKey(alias)) {
                    links.putIfAbsent(alias, RawName.of(library.path()));
                }
            }
        }
    }

    private void addScriptInterpreter(Path program, List<Path> configured, int depth) throws IOException {
        Path interpreter = scriptInterpreter(program);
        if (depth == MAX_INTERPRETERS) {
            throw new ImageException(BinariesRecipe.OPERATION, program.toString(), "its interpreters form a chain");
        }
        addProgram(interpreter, configured, depth + 1);
    }

    private static Path scriptInterpreter(Path script) throws IOException {
        byte[] head;
        try (InputStream in = Files.newInputStream(script)) {
            head = in.readNBytes(MAX_SCRIPT_LINE);
        }
        String line = new String(head, UTF_8).lines().findFirst().orElse("");
        if (!line.startsWith("#!") || line.length() < 3) {
            throw new ImageException(
                    BinariesRecipe.OPERATION, script.toString(), "is neither an ELF program nor a script");
        }
        return SourcePath.parse(
                BinariesRecipe.OPERATION, line.substring(2).strip().split("\\s+", -1)[0]);
    }

    /** One file of this host, and the symlinks on the way to it. */
    private Node add(Path path) throws IOException {
        return switch (RootedPath.follow(HOST, RawName.of(path))) {
            case RootedPath.Trail.Broken broken ->
                throw new ImageException(BinariesRecipe.OPERATION, path.toString(), broken.reason());
            case RootedPath.Trail.Found found -> {
                Node node = found.node();
                if (node.type() != NodeType.FILE) {
                    throw new ImageException(
                            BinariesRecipe.OPERATION,
                            path.toString(),
                            "is a " + node.type().words() + ", not a program");
                }
                found.links().forEach(link -> links.put(link.name(), link.target()));
                files.put(node.name(), node);
                yield node;
            }
        };
    }

    private static Path parent(Path path) {
        Path parent = path.getParent();
        return parent == null ? HOST : parent;
    }
}
