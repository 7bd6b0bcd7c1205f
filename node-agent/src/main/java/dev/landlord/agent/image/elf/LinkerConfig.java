package dev.landlord.agent.image.elf;

import java.io.IOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** The directories that {@code /etc/ld.so.conf} and the files it includes name, in order. */
public final class LinkerConfig {
    private static final int MAX_FILES = 256;
    private static final int MAX_DIRECTORIES = 1024;
    private static final long MAX_FILE_BYTES = 256 * 1024;

    private final List<Path> directories = new ArrayList<>();
    private int files;

    private LinkerConfig() {}

    /** One line of the file that means something. */
    sealed interface Line {
        record Directory(String path) implements Line {}

        record Include(String pattern) implements Line {}
    }

    /** A file that is absent names nothing: not every C library has one. Loops of includes end at a bound. */
    public static List<Path> read(Path file) throws IOException {
        LinkerConfig config = new LinkerConfig();
        config.add(file);
        return List.copyOf(config.directories);
    }

    /** Pure. */
    static List<Line> parse(String text) {
        List<Line> lines = new ArrayList<>();
        for (String raw : text.split("\n", -1)) {
            String line = raw.replaceFirst("#.*", "").strip();
            String[] words = line.split("\\s+", -1);
            if (words[0].equals("include")) {
                for (int i = 1; i < words.length; i++) {
                    lines.add(new Line.Include(words[i]));
                }
            } else if (line.startsWith("/")) {
                // An old form appends the library's type: /usr/lib=libc6.
                lines.add(new Line.Directory(line.replaceFirst("=[a-zA-Z0-9.]*$", "")));
            }
        }
        return lines;
    }

    private void add(Path file) throws IOException {
        if (++files > MAX_FILES || !Files.isRegularFile(file) || Files.size(file) > MAX_FILE_BYTES) {
            return;
        }
        for (Line line : parse(Files.readString(file))) {
            switch (line) {
                case Line.Directory directory -> addDirectory(file, directory.path());
                case Line.Include include -> include(file, include.pattern());
            }
        }
    }

    private void addDirectory(Path from, String text) throws IOException {
        if (directories.size() == MAX_DIRECTORIES) {
            throw new IOException(from + ": more than " + MAX_DIRECTORIES + " directories");
        }
        try {
            directories.add(Path.of(text));
        } catch (InvalidPathException e) {
            throw new IOException(from + ": a directory cannot be named in this locale: " + text, e);
        }
    }

    private void include(Path from, String pattern) throws IOException {
        Path whole = from.resolveSibling(pattern);
        Path directory = whole.getParent();
        Path last = whole.getFileName();
        if (directory == null || last == null) {
            return;
        }
        List<Path> matches = new ArrayList<>();
        try (DirectoryStream<Path> entries = Files.newDirectoryStream(directory, last.toString())) {
            entries.forEach(matches::add);
        } catch (NoSuchFileException | NotDirectoryException ignored) {
            return;
        } catch (DirectoryIteratorException e) {
            throw e.getCause();
        }
        matches.sort(null);
        for (Path match : matches) {
            add(match);
        }
    }
}
