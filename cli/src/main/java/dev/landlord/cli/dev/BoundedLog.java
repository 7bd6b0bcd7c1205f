package dev.landlord.cli.dev;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;

/** The log file of a child: at most two files of a bounded size, and the last lines at hand. Safe for several threads. */
final class BoundedLog implements AutoCloseable {
    private static final int LAST_LINES = 20;

    private final Path file;
    private final long maxBytes;
    private final Deque<String> last = new ArrayDeque<>();
    private OutputStream out;
    private long written;

    BoundedLog(Path file, long maxBytes) throws IOException {
        this.file = file;
        this.maxBytes = maxBytes;
        this.out = Files.newOutputStream(file);
    }

    /** Without a line end; a full file becomes the one of before, {@code .1}. */
    synchronized void line(String line) throws IOException {
        byte[] bytes = (line + "\n").getBytes(StandardCharsets.UTF_8);
        if (written > 0 && written + bytes.length > maxBytes) {
            out.close();
            Files.move(file, file.resolveSibling(file.getFileName() + ".1"), StandardCopyOption.REPLACE_EXISTING);
            out = Files.newOutputStream(file);
            written = 0;
        }
        out.write(bytes);
        written += bytes.length;
        last.addLast(line);
        if (last.size() > LAST_LINES) {
            last.removeFirst();
        }
    }

    synchronized List<String> lastLines() {
        return List.copyOf(last);
    }

    Path file() {
        return file;
    }

    @Override
    public synchronized void close() throws IOException {
        out.close();
    }
}
