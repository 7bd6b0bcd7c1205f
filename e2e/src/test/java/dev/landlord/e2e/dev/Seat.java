package dev.landlord.e2e.dev;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;

/** A person in front of a terminal of 33 rows and 99 columns, in which a command runs: keys go in, the screen is seen. */
final class Seat implements AutoCloseable {
    private static final long PATIENCE_SECONDS = 60;
    private static final String PUT_BACK = "the terminal echoes again";

    private final Process script;
    private final Path name;
    private final AtomicReference<String> screen = new AtomicReference<>("");
    private final Thread reader;

    private Seat(Process script, Path name) {
        this.script = script;
        this.name = name;
        this.reader = Thread.ofPlatform().daemon().name("screen").start(this::read);
    }

    /** @param scratch gets two files; script(1) makes the terminal */
    static Seat inFrontOf(String command, Map<String, String> environment, Path scratch) throws IOException {
        Path name = scratch.resolve("terminal-name");
        Path shell = Files.writeString(scratch.resolve("on-terminal"), """
                stty rows 33 cols 99
                tty > %s
                %s
                code=$?
                case " $(stty -a) " in *" echo "*) echo %s;; esac
                exit $code
                """.formatted(name, command, PUT_BACK));
        ProcessBuilder script =
                new ProcessBuilder("script", "-qfec", "sh " + shell, "/dev/null").redirectErrorStream(true);
        script.environment().putAll(environment);
        return new Seat(script.start(), name);
    }

    private void read() {
        byte[] buffer = new byte[8192];
        try (InputStream in = script.getInputStream()) {
            for (int got = in.read(buffer); got >= 0; got = in.read(buffer)) {
                show(new String(buffer, 0, got, StandardCharsets.UTF_8));
            }
        } catch (IOException e) {
            show("the screen went dark: " + e);
        }
    }

    private void show(String text) {
        screen.updateAndGet(before -> before + text);
    }

    String screen() {
        return Objects.requireNonNull(screen.get());
    }

    void awaitOnScreen(String text) throws InterruptedException {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(PATIENCE_SECONDS);
        while (!screen().contains(text)) {
            assertThat(System.nanoTime()).as(text + " on " + screen()).isLessThan(deadline);
            Thread.sleep(20);
        }
    }

    void press(String keys) throws IOException {
        script.getOutputStream().write(keys.getBytes(StandardCharsets.UTF_8));
        script.getOutputStream().flush();
    }

    /** As a window that is dragged: the kernel tells whoever runs in it. */
    void resize(int rows, int columns) throws IOException, InterruptedException {
        String terminal = Files.readString(name).strip();
        Process stty = new ProcessBuilder("stty", "-F", terminal, "rows", "" + rows, "cols", "" + columns)
                .inheritIO()
                .start();
        assertThat(stty.waitFor()).isZero();
    }

    /** The command's exit code, once it has ended by itself and left the terminal as it was. */
    int awaitEnd() throws InterruptedException {
        boolean ended = script.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS);
        assertThat(ended).as("ended; on the screen: " + screen()).isTrue();
        reader.join();
        assertThat(screen()).contains(PUT_BACK);
        return script.exitValue();
    }

    /** Closes the window. */
    @Override
    public void close() throws IOException {
        script.destroyForcibly().onExit().join();
        script.getOutputStream().close();
    }
}
