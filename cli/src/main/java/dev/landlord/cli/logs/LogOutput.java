package dev.landlord.cli.logs;

import dev.landlord.cli.terminal.PlainText;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;

/** Where lines of several sources come together, each whole. Safe for several threads. */
public final class LogOutput {
    private final PrintStream out;
    private final boolean plain;

    public LogOutput(PrintStream out, boolean plain) {
        this.out = out;
        this.plain = plain;
    }

    /** False when nobody reads any more. */
    synchronized boolean write(String prefix, byte[] line) {
        byte[] start = prefix.getBytes(StandardCharsets.UTF_8);
        byte[] shown = plain ? plain(line) : line;
        out.write(start, 0, start.length);
        out.write(shown, 0, shown.length);
        if (!prefix.isEmpty() && shown[shown.length - 1] != '\n') {
            out.write('\n');
        }
        return !out.checkError();
    }

    /** Whether it was seen that nobody reads any more. */
    synchronized boolean isClosed() {
        return out.checkError();
    }

    private static byte[] plain(byte[] line) {
        return PlainText.ofLines(new String(line, StandardCharsets.UTF_8)).getBytes(StandardCharsets.UTF_8);
    }
}
