package dev.landlord.e2e.host;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * The end of a short command on the host.
 *
 * @param output both outputs, in the order in which they came
 */
public record HostCommand(int exitCode, String output) {
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    /** Runs to the end; throws {@link IllegalStateException} when that takes longer than a minute. */
    public static HostCommand run(List<String> command) {
        try {
            Process process =
                    new ProcessBuilder(command).redirectErrorStream(true).start();
            process.getOutputStream().close();
            String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            if (!process.waitFor(PATIENCE.toMillis(), TimeUnit.MILLISECONDS)) {
                process.destroyForcibly();
                throw new IllegalStateException(command.getFirst() + " did not end in " + PATIENCE);
            }
            return new HostCommand(process.exitValue(), output);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while " + command.getFirst() + " ran", e);
        }
    }

    /** As {@link #run}, but an exit code other than 0 is an {@link IllegalStateException} with the output. */
    public static String must(List<String> command) {
        HostCommand ended = run(command);
        if (ended.exitCode != 0) {
            throw new IllegalStateException(String.join(" ", command) + ": " + ended.output.strip());
        }
        return ended.output;
    }
}
