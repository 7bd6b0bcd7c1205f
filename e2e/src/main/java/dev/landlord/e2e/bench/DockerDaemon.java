package dev.landlord.e2e.bench;

import dev.landlord.e2e.host.HostCommand;
import dev.landlord.e2e.host.HostSweep;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** A daemon of our own with its own data, without firewall rules and without a bridge; it starts its own containerd. */
final class DockerDaemon {
    static final String IMAGE = "bench";

    private static final int START_SECONDS = 40;
    private static final int STOP_SECONDS = 20;
    private static final List<Path> FIXED_PLACES = List.of(Path.of("/run/docker"), Path.of("/run/containerd"));

    private final Process process;
    private final String host;
    private final String cgroup;
    private final List<Path> leftBehind;

    private DockerDaemon(Process process, String host, String cgroup, List<Path> leftBehind) {
        this.process = process;
        this.host = host;
        this.cgroup = cgroup;
        this.leftBehind = leftBehind;
    }

    /** Returns once it has the image. */
    static DockerDaemon start(BenchFiles files) throws IOException, InterruptedException {
        Path home = Files.createDirectories(files.scratch().resolve("docker"));
        String host = "unix://" + home.resolve("docker.sock");
        String cgroup = files.cgroupRoot() + "-docker";
        List<Path> leftBehind =
                FIXED_PLACES.stream().filter(place -> !Files.exists(place)).toList();
        Path log = home.resolve("dockerd.log");
        Process process = new ProcessBuilder(
                        "dockerd",
                        "--host=" + host,
                        "--data-root=" + home.resolve("data"),
                        "--exec-root=" + home.resolve("exec"),
                        "--pidfile=" + home.resolve("pid"),
                        "--cgroup-parent=/" + cgroup,
                        "--iptables=false",
                        "--ip6tables=false",
                        "--bridge=none")
                .redirectErrorStream(true)
                .redirectOutput(log.toFile())
                .start();
        DockerDaemon daemon = new DockerDaemon(process, host, cgroup, leftBehind);
        try {
            daemon.await(log);
            daemon.load(files.image(), home.resolve("image.tar"));
            return daemon;
        } catch (RuntimeException | InterruptedException e) {
            daemon.stop();
            throw e;
        }
    }

    String host() {
        return host;
    }

    private void await(Path log) throws InterruptedException {
        for (int i = 0; i < 4 * START_SECONDS && process.isAlive(); i++) {
            if (HostCommand.run(List.of("docker", "--host", host, "version")).exitCode() == 0) {
                return;
            }
            Thread.sleep(250);
        }
        String last =
                HostCommand.run(List.of("tail", "-n", "1", log.toString())).output();
        throw new IllegalStateException("dockerd did not start: " + last.strip());
    }

    private void load(Path image, Path tar) {
        HostCommand.must(List.of("tar", "--create", "--file", tar.toString(), "--directory", image.toString(), "."));
        HostCommand.must(List.of("docker", "--host", host, "import", tar.toString(), IMAGE));
    }

    /** Ends it and removes what it leaves behind outside its own folders. */
    void stop() throws IOException {
        process.destroy();
        try {
            if (!process.waitFor(STOP_SECONDS, TimeUnit.SECONDS)) {
                process.destroyForcibly();
            }
        } catch (InterruptedException e) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
        }
        HostSweep.removeControlGroups(cgroup);
        for (Path place : leftBehind) {
            HostSweep.deleteTree(place);
        }
    }
}
