package dev.landlord.e2e.chaos;

import dev.landlord.e2e.cluster.ChildProcess;
import dev.landlord.e2e.cluster.Eventually;
import dev.landlord.e2e.host.HostCommand;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A server of PostgreSQL on a host of its own, with its data on a disk of its own that is small enough to be filled. Not
 * thread-safe.
 */
final class Database implements AutoCloseable {
    static final int PORT = 5432;
    private static final String ARCHIVE = "/postgres-linux-x86_64.txz";
    private static final String DISK_SIZE = "192m";
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    /** Little, so that it leaves room on the small disk and starts fast after it was killed. */
    private static final List<String> SETTINGS = List.of(
            "unix_socket_directories = ''",
            "shared_buffers = 32MB",
            "max_connections = 40",
            "max_wal_size = 32MB",
            "min_wal_size = 16MB",
            "dynamic_shared_memory_type = mmap",
            "port = " + PORT);

    private final Path programs;
    private final Path disk;
    private final Path log;
    private final Path namespace;
    private final String address;
    private @Nullable ChildProcess process;

    /** @param folder for all its files, which must not exist */
    Database(Path folder, Path namespace, String address) {
        this.programs = folder.resolve("programs");
        this.disk = folder.resolve("disk");
        this.log = folder.resolve("log");
        this.namespace = namespace;
        this.address = address;
    }

    void install() throws IOException {
        Files.createDirectories(programs);
        Files.createDirectories(disk);
        Path archive = programs.resolve("archive");
        try (InputStream packed = Database.class.getResourceAsStream(ARCHIVE)) {
            if (packed == null) {
                throw new IllegalStateException("no " + ARCHIVE + " on the class path");
            }
            Files.copy(packed, archive, StandardCopyOption.REPLACE_EXISTING);
        }
        HostCommand.must(List.of("tar", "-xJf", archive.toString(), "-C", programs.toString()));
        Files.delete(archive);
        HostCommand.must(
                List.of("mount", "-t", "tmpfs", "-o", "mode=0700,size=" + DISK_SIZE, "tmpfs", disk.toString()));
        HostCommand.must(asNobody(
                program("initdb"),
                "--pgdata=" + data(),
                "--username=postgres",
                "--auth=trust",
                "--encoding=UTF8",
                "--locale=C",
                "--wal-segsize=1"));
        append("postgresql.conf", String.join("\n", SETTINGS) + "\nlisten_addresses = '" + address + "'\n");
        append("pg_hba.conf", "host all all 0.0.0.0/0 trust\n");
    }

    private void append(String file, String text) throws IOException {
        Files.writeString(data().resolve(file), text, StandardOpenOption.APPEND);
    }

    /** It refuses to run as root; in a user namespace without a map it is nobody, and the files are its own all the same. */
    private static List<String> asNobody(String... command) {
        List<String> words = new ArrayList<>(List.of("unshare", "--user"));
        words.addAll(List.of(command));
        return words;
    }

    private String program(String name) {
        return programs.resolve("bin").resolve(name).toString();
    }

    private Path data() {
        return disk.resolve("data");
    }

    Path disk() {
        return disk;
    }

    String url() {
        return "jdbc:postgresql://" + address + ":" + PORT + "/postgres";
    }

    void start() throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of("nsenter", "--net=" + namespace));
        command.addAll(asNobody(program("postgres"), "-D", data().toString()));
        ChildProcess started = ChildProcess.start("database", log, Map.of(), command);
        process = started;
        if (!Eventually.observe(PATIENCE, () -> !started.isAlive() || isReachable(), there -> there)
                || !started.isAlive()) {
            throw started.failure("did not listen within " + PATIENCE);
        }
    }

    private boolean isReachable() {
        try (Socket socket = new Socket()) {
            socket.connect(new InetSocketAddress(InetAddress.ofLiteral(address), PORT), 1000);
            return true;
        } catch (IOException notYet) {
            return false;
        }
    }

    boolean isAlive() {
        return process != null && process.isAlive();
    }

    /** The server and all that work for it. */
    List<Long> processes() {
        if (process == null) {
            return List.of();
        }
        List<Long> all = new ArrayList<>(List.of(process.pid()));
        ProcessHandle.of(process.pid())
                .ifPresent(
                        server -> server.descendants().map(ProcessHandle::pid).forEach(all::add));
        return all;
    }

    /** {@code kill -9} of all of them. */
    void killHard() {
        List<Long> all = processes();
        all.forEach(pid -> ProcessHandle.of(pid).ifPresent(ProcessHandle::destroyForcibly));
        if (process != null) {
            process.killHard();
        }
    }

    /** Ends it in order; an order that it does not follow is followed by a kill. */
    @Override
    public void close() {
        if (process != null && process.isAlive()) {
            // SIGINT: without waiting for its clients.
            HostCommand.run(List.of("kill", "-INT", Long.toString(process.pid())));
            ChildProcess ending = process;
            try {
                Eventually.observe(PATIENCE, () -> !ending.isAlive(), ended -> ended);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
            killHard();
        }
        HostCommand.run(List.of("umount", disk.toString()));
    }
}
