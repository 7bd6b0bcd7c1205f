package dev.landlord.agent.image.recipe;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/** Runs one program of this host: no input, bounded time, the end of its output kept. */
final class HostTool {
    private static final String PATH = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";
    private static final int KEPT_BYTES = 256 * 1024;
    private static final int MAX_TOLD = 3;
    private static final Duration DRAIN = Duration.ofSeconds(5);

    /** @param output standard output and error in one, the last 256 KiB */
    record Result(boolean inTime, int status, String output) {
        boolean succeeded() {
            return inTime && status == 0;
        }

        /** What it complained of: its last error lines in the form of Debian's tools, or else its last lines. */
        String complaint() {
            List<String> lines = output.lines()
                    .map(String::strip)
                    .filter(line -> !line.isEmpty())
                    .toList();
            List<String> errors =
                    lines.stream().filter(line -> line.startsWith("E: ")).toList();
            List<String> told = errors.isEmpty() ? lines : errors;
            return String.join(" | ", told.subList(Math.max(0, told.size() - MAX_TOLD), told.size()));
        }
    }

    private HostTool() {}

    /** The first that exists and can be executed. */
    static Optional<Path> find(String name, List<Path> directories) {
        return directories.stream()
                .map(directory -> directory.resolve(name))
                .filter(path -> Files.isRegularFile(path) && Files.isExecutable(path))
                .findFirst();
    }

    static Result run(List<String> command, Path directory, Duration timeout) throws IOException {
        ProcessBuilder builder = new ProcessBuilder(command)
                .directory(directory.toFile())
                .redirectErrorStream(true)
                .redirectInput(new File("/dev/null"));
        Map<String, String> environment = builder.environment();
        // The agent's own environment may hold its join token, and the tool runs scripts of packages.
        environment.keySet().removeIf(name -> !name.toLowerCase(Locale.ROOT).endsWith("_proxy"));
        environment.put("PATH", PATH);
        environment.put("LC_ALL", "C.UTF-8");
        environment.put("DEBIAN_FRONTEND", "noninteractive");
        Process process = builder.start();
        Tail tail = new Tail(process.getInputStream());
        Thread reader = Thread.ofPlatform().daemon().name("image-tool-output").start(tail);
        try {
            boolean inTime = process.waitFor(timeout.toMillis(), TimeUnit.MILLISECONDS);
            if (!inTime) {
                process.destroyForcibly();
                process.waitFor(DRAIN.toMillis(), TimeUnit.MILLISECONDS);
            }
            // A grandchild that outlives its parent may hold the pipe open for ever.
            reader.join(DRAIN);
            return new Result(inTime, inTime ? process.exitValue() : -1, tail.text());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new InterruptedIOException("interrupted while running " + command.getFirst());
        } finally {
            process.destroyForcibly();
        }
    }

    /** Reads to the end and keeps the last part. */
    private static final class Tail implements Runnable {
        private final InputStream in;
        private final List<byte[]> chunks = new ArrayList<>();
        private int size;

        Tail(InputStream in) {
            this.in = in;
        }

        @Override
        public void run() {
            byte[] buffer = new byte[8192];
            try (in) {
                for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
                    keep(Arrays.copyOf(buffer, n));
                }
            } catch (IOException e) {
                keep(("\n(output lost: " + e.getMessage() + ")\n").getBytes(UTF_8));
            }
        }

        private synchronized void keep(byte[] chunk) {
            chunks.add(chunk);
            size += chunk.length;
            while (size - chunks.getFirst().length >= KEPT_BYTES) {
                size -= chunks.removeFirst().length;
            }
        }

        synchronized String text() {
            byte[] all = new byte[size];
            int at = 0;
            for (byte[] chunk : chunks) {
                System.arraycopy(chunk, 0, all, at, chunk.length);
                at += chunk.length;
            }
            return new String(all, UTF_8);
        }
    }
}
