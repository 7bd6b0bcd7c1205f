package dev.landlord.cli.logs;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayDeque;
import java.util.Deque;
import org.jspecify.annotations.Nullable;

/** Cuts a stream of bytes into lines; a longer one than 64 KiB comes in parts. */
final class LogLines {
    static final int MAX_LINE = 64 << 10;

    private final BufferedInputStream in;

    LogLines(InputStream in) {
        this.in = new BufferedInputStream(in);
    }

    /** The next line with its line end, if it has one; null at the end. */
    byte @Nullable [] next() throws IOException {
        ByteArrayOutputStream line = new ByteArrayOutputStream();
        for (int next = in.read(); next >= 0; next = in.read()) {
            line.write(next);
            if (next == '\n' || line.size() == MAX_LINE) {
                return line.toByteArray();
            }
        }
        return line.size() == 0 ? null : line.toByteArray();
    }

    /** The last lines of all that comes; reads to the end. */
    static Deque<byte[]> last(InputStream in, int count) throws IOException {
        Deque<byte[]> kept = new ArrayDeque<>();
        LogLines lines = new LogLines(in);
        for (byte[] line = lines.next(); line != null; line = lines.next()) {
            kept.addLast(line);
            if (kept.size() > count) {
                kept.removeFirst();
            }
        }
        return kept;
    }
}
