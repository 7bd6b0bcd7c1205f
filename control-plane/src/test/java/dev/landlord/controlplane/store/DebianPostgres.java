package dev.landlord.controlplane.store;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;

/**
 * A server of PostgreSQL as Debian ships it, with the tools that belong to it. Its own, on a free port: that of the machine
 * is left alone.
 */
public final class DebianPostgres implements AutoCloseable {
    private static final Path VERSIONS = Path.of("/usr/lib/postgresql");
    private static final Duration PATIENCE = Duration.ofMinutes(1);
    private static final int TRIES = 5;

    private final Path bin;
    private final Path folder;
    private final Process process;
    private final int port;

    private DebianPostgres(Path bin, Path folder, Process process, int port) {
        this.bin = bin;
        this.folder = folder;
        this.process = process;
        this.port = port;
    }

    /** @param folder for its files; made */
    public static DebianPostgres start(Path folder) throws IOException {
        Files.createDirectories(folder);
        Path bin = newest();
        run(
                folder,
                asNobody(
                        bin.resolve("initdb").toString(),
                        "--pgdata=" + folder.resolve("data"),
                        "--username=postgres",
                        "--auth=trust",
                        "--encoding=UTF8",
                        "--locale=C",
                        "--no-sync"));
        Files.writeString(
                folder.resolve("data/postgresql.conf"),
                "unix_socket_directories = ''\nlisten_addresses = '127.0.0.1'\nshared_buffers = 32MB\n",
                StandardOpenOption.APPEND);
        for (int tried = 1; tried < TRIES; tried++) {
            DebianPostgres server = begin(bin, folder);
            if (server.comesUp()) {
                return server;
            }
            // Somebody else took the port in between.
            server.close();
        }
        throw new IOException("PostgreSQL does not start: " + Files.readString(folder.resolve("log")));
    }

    private static DebianPostgres begin(Path bin, Path folder) throws IOException {
        int port;
        try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            port = free.getLocalPort();
        }
        Process process = new ProcessBuilder(asNobody(
                        bin.resolve("postgres").toString(),
                        "-D",
                        folder.resolve("data").toString(),
                        "-p",
                        Integer.toString(port)))
                .redirectErrorStream(true)
                .redirectOutput(folder.resolve("log").toFile())
                .start();
        return new DebianPostgres(bin, folder, process, port);
    }

    private boolean comesUp() {
        long until = System.nanoTime() + PATIENCE.toNanos();
        while (process.isAlive() && System.nanoTime() < until) {
            try {
                DriverManager.getConnection(url("postgres"), "postgres", "").close();
                return true;
            } catch (SQLException notYet) {
                LockSupport.parkNanos(Duration.ofMillis(20).toNanos());
            }
        }
        return false;
    }

    private static Path newest() throws IOException {
        try (Stream<Path> versions = Files.list(VERSIONS)) {
            return versions.filter(version -> Files.isExecutable(version.resolve("bin/postgres")))
                    .max(Comparator.comparingInt(
                            version -> Integer.parseInt(version.getFileName().toString())))
                    .map(version -> version.resolve("bin"))
                    .orElseThrow(() -> new IOException("no server in " + VERSIONS + ": install postgresql"));
        }
    }

    /** For JDBC. */
    public String url(String database) {
        return "jdbc:postgresql://127.0.0.1:" + port + "/" + database;
    }

    /** For the tools. */
    public String place(String database) {
        return "postgresql://postgres@127.0.0.1:" + port + "/" + database;
    }

    /** Runs one of the tools, and fails with what it says if it fails. */
    public void tool(String name, String... arguments) throws IOException {
        List<String> command = new ArrayList<>(List.of(bin.resolve(name).toString()));
        command.addAll(Arrays.asList(arguments));
        run(folder, command);
    }

    /** The server refuses to run as root; without a map of ids it is nobody, and its files are its own all the same. */
    private static List<String> asNobody(String... command) {
        List<String> words = new ArrayList<>();
        if (System.getProperty("user.name").equals("root")) {
            words.addAll(List.of("unshare", "--user"));
        }
        words.addAll(Arrays.asList(command));
        return words;
    }

    private static void run(Path folder, List<String> command) throws IOException {
        Path said = Files.createTempFile(folder, "said", ".txt");
        Process process = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(said.toFile())
                .start();
        if (!ends(process) || process.exitValue() != 0) {
            process.destroyForcibly();
            throw new IOException(command + ": " + Files.readString(said));
        }
    }

    private static boolean ends(Process process) {
        try {
            return process.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    /** Ends it with all that work for it: SIGTERM would wait until nobody is connected. */
    @Override
    public void close() throws IOException {
        if (process.isAlive()) {
            new ProcessBuilder("kill", "-QUIT", Long.toString(process.pid())).start();
        }
        if (!ends(process)) {
            process.destroyForcibly();
            throw new IOException("PostgreSQL does not end");
        }
    }
}
