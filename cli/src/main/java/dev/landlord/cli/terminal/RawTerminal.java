package dev.landlord.cli.terminal;

import java.io.BufferedReader;
import java.io.IOException;
import java.lang.ProcessBuilder.Redirect;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;

/**
 * The terminal of this process, handed over to somebody else: every key is passed on as it is, Ctrl-C too. It is put back as it
 * was when this is closed, and when the process ends otherwise. Java has no such thing, so stty(1) does it.
 */
public final class RawTerminal implements AutoCloseable {
    private static final long PATIENCE_SECONDS = 5;
    /**
     * Prints the size now and whenever it changes: the kernel tells all processes that sit at the terminal, and a shell can
     * listen, which a Java program cannot. Ends with the pipe that it reads.
     */
    private static final String WATCH_SIZE = "trap 'stty size </dev/tty' WINCH; stty size </dev/tty; exec 3<&0; "
            + "cat <&3 >/dev/null & p=$!; while kill -0 $p 2>/dev/null; do wait $p; done";

    private final String before;
    private final Process watcher;
    private final Thread hook = new Thread(this::restore, "terminal");
    private final AtomicBoolean restored = new AtomicBoolean();

    private RawTerminal(String before, Process watcher) {
        this.before = before;
        this.watcher = watcher;
    }

    /**
     * Takes the terminal.
     *
     * @param resized hears of the size, first of the present one, on a thread of its own
     * @throws IOException if there is no terminal, or no stty
     */
    public static RawTerminal enter(Consumer<WindowSize> resized) throws IOException {
        String before = stty("-g");
        Process watcher = new ProcessBuilder("sh", "-c", WATCH_SIZE)
                .redirectError(Redirect.DISCARD)
                .start();
        RawTerminal terminal = new RawTerminal(before, watcher);
        Runtime.getRuntime().addShutdownHook(terminal.hook);
        try {
            stty("raw", "-echo");
        } catch (IOException e) {
            terminal.close();
            throw e;
        }
        Thread.ofPlatform().daemon().name("window-size").start(() -> terminal.listen(resized));
        return terminal;
    }

    /** How large the terminal is; 24 by 80 if it does not say. */
    public static WindowSize size() throws IOException {
        return WindowSize.parse(stty("size")).orElse(new WindowSize(24, 80));
    }

    private void listen(Consumer<WindowSize> resized) {
        try (BufferedReader lines = watcher.inputReader(StandardCharsets.US_ASCII)) {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                WindowSize.parse(line).ifPresent(resized);
            }
        } catch (IOException ended) {
            watcher.destroy();
        }
    }

    private static String stty(String... arguments) throws IOException {
        String[] command = new String[arguments.length + 1];
        command[0] = "stty";
        System.arraycopy(arguments, 0, command, 1, arguments.length);
        Process stty = new ProcessBuilder(command)
                .redirectInput(Redirect.INHERIT)
                .redirectError(Redirect.DISCARD)
                .start();
        try (BufferedReader lines = stty.inputReader(StandardCharsets.US_ASCII)) {
            String line = lines.readLine();
            if (!stty.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS) || stty.exitValue() != 0) {
                stty.destroy();
                throw new IOException("stty " + String.join(" ", arguments) + ": stdin is no terminal");
            }
            return line == null ? "" : line;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted", e);
        }
    }

    private void restore() {
        if (!restored.compareAndSet(false, true)) {
            return;
        }
        watcher.destroy();
        try {
            stty(before);
        } catch (IOException gone) {
            // The terminal has gone, and whoever sat in front of it.
            watcher.destroyForcibly();
        }
    }

    @Override
    public void close() {
        restore();
        try {
            Runtime.getRuntime().removeShutdownHook(hook);
        } catch (IllegalStateException ending) {
            // The process ends already, and the hook has nothing left to do.
            watcher.destroy();
        }
    }
}
