package dev.landlord.runtime.state;

import dev.landlord.runtime.LogPage;
import dev.landlord.runtime.SandboxException;
import dev.landlord.runtime.SandboxException.Kind;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;
import java.util.stream.Stream;

/** The files of one captured output; each is named by the absolute offset of its first byte. */
public final class OutputFiles {
    private static final int MAX_PAGE_BYTES = 16 << 20;

    private final Path directory;
    private final String prefix;

    OutputFiles(Path directory, String stream) {
        this.directory = directory;
        this.prefix = stream + ".";
    }

    /**
     * What is there from the offset on, or from the oldest byte kept if that is later; ends at the end of a file.
     *
     * @param maxBytes 1 to 16 MiB
     */
    public LogPage read(long offset, int maxBytes) {
        if (offset < 0 || maxBytes < 1 || maxBytes > MAX_PAGE_BYTES) {
            throw new SandboxException(
                    Kind.INVALID,
                    "read output",
                    directory.toString(),
                    "offset must not be negative and maxBytes must be between 1 and " + MAX_PAGE_BYTES);
        }
        try {
            NavigableMap<Long, Path> files = byStart();
            Map.Entry<Long, Path> file = files.floorEntry(offset);
            if (file == null) {
                file = files.firstEntry();
            }
            if (file == null) {
                return new LogPage(offset, new byte[0]);
            }
            long from = Math.max(offset, file.getKey());
            byte[] bytes = piece(file.getValue(), from - file.getKey(), maxBytes);
            Map.Entry<Long, Path> next = files.higherEntry(file.getKey());
            if (bytes.length == 0 && next != null) {
                return new LogPage(next.getKey(), piece(next.getValue(), 0, maxBytes));
            }
            return new LogPage(from, bytes);
        } catch (NoSuchFileException e) {
            // Rotated away between the listing and the reading; the caller asks again.
            return new LogPage(offset, new byte[0]);
        } catch (IOException e) {
            throw new SandboxException(Kind.HOST_FAULT, "read output", directory.toString(), 0, String.valueOf(e), e);
        }
    }

    /** The offset of what will be written next. */
    public long end() {
        try {
            Map.Entry<Long, Path> newest = byStart().lastEntry();
            return newest == null ? 0 : newest.getKey() + Files.size(newest.getValue());
        } catch (NoSuchFileException e) {
            return end(); // rotated away meanwhile, so there is a newer one
        } catch (IOException e) {
            throw new SandboxException(
                    Kind.HOST_FAULT, "measure output", directory.toString(), 0, String.valueOf(e), e);
        }
    }

    private NavigableMap<Long, Path> byStart() throws IOException {
        NavigableMap<Long, Path> files = new TreeMap<>();
        try (Stream<Path> all = Files.list(directory)) {
            all.filter(file -> file.getFileName().toString().startsWith(prefix))
                    .forEach(file -> files.put(
                            Long.parseLong(file.getFileName().toString().substring(prefix.length())), file));
        }
        return files;
    }

    private static byte[] piece(Path file, long position, int maxBytes) throws IOException {
        try (RandomAccessFile in = new RandomAccessFile(file.toFile(), "r")) {
            in.seek(position);
            byte[] bytes = new byte[(int) Math.min(maxBytes, Math.max(0, in.length() - position))];
            int got = in.read(bytes);
            return got < 0 ? new byte[0] : Arrays.copyOf(bytes, got);
        } catch (FileNotFoundException e) {
            throw (NoSuchFileException) new NoSuchFileException(file.toString()).initCause(e);
        }
    }
}
