package dev.landlord.e2e.bench;

import dev.landlord.e2e.host.HostCommand;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** The peers from Debian's packages, each set up to do what is nearest to one of our sandboxes. */
final class Peers {
    private static final JsonMapper JSON = new JsonMapper();
    private static final List<String> PROGRAM = List.of("/bin/busybox", "true");
    private static final long MEMORY_BYTES = 64L << 20;

    private Peers() {}

    /** No control groups: it has none. */
    static Contestant bubblewrap(BenchFiles files) throws IOException {
        String words = "bwrap --unshare-user --unshare-ipc --unshare-pid --unshare-net --unshare-uts --unshare-cgroup"
                + " --uid 0 --gid 0 --hostname bench --ro-bind IMAGE / --proc /proc --dev /dev --tmpfs /tmp"
                + " --die-with-parent";
        List<String> command =
                List.of(words.replace("IMAGE", files.image().toString()).split(" ", -1));
        return CommandContestant.start(files, "bwrap", withProgram(command), () -> {});
    }

    /** Its own default bundle, which has no user namespace and so is spared the id maps, with our limits. */
    static Contestant runc(BenchFiles files) throws IOException {
        Path bundle = Files.createDirectories(files.scratch().resolve("runc-bundle"));
        HostCommand.must(List.of("runc", "spec", "--bundle", bundle.toString()));
        Path config = bundle.resolve("config.json");
        ObjectNode spec = (ObjectNode) JSON.readTree(Files.readString(config));
        adapt(spec, files);
        Files.writeString(config, JSON.writeValueAsString(spec));
        List<String> command = List.of(
                "runc",
                "--root",
                files.scratch().resolve("runc-state").toString(),
                "run",
                "--bundle",
                bundle.toString(),
                files.cgroupRoot() + "-{}");
        return CommandContestant.start(files, "runc", command, () -> {});
    }

    private static void adapt(ObjectNode spec, BenchFiles files) {
        ((ObjectNode) spec.path("process")).put("terminal", false);
        ArrayNode arguments = ((ObjectNode) spec.path("process")).putArray("args");
        PROGRAM.forEach(arguments::add);
        ((ObjectNode) spec.path("root")).put("path", files.image().toString()).put("readonly", true);
        ObjectNode linux = (ObjectNode) spec.path("linux");
        linux.put("cgroupsPath", "/" + files.cgroupRoot() + "-runc");
        ObjectNode resources = (ObjectNode) linux.path("resources");
        resources.putObject("cpu").put("quota", 50_000).put("period", 100_000).put("shares", 1024);
        resources.putObject("memory").put("limit", MEMORY_BYTES).put("swap", MEMORY_BYTES);
        resources.putObject("pids").put("limit", 64);
    }

    static Contestant docker(BenchFiles files) throws IOException, InterruptedException {
        DockerDaemon daemon = DockerDaemon.start(files);
        List<String> command = List.of(
                "docker",
                "--host",
                daemon.host(),
                "run",
                "--rm",
                "--network=none",
                "--memory=64m",
                "--cpus=0.5",
                "--pids-limit=64",
                DockerDaemon.IMAGE);
        return CommandContestant.start(files, "docker", withProgram(command), daemon::stop);
    }

    private static List<String> withProgram(List<String> command) {
        return Stream.concat(command.stream(), PROGRAM.stream()).toList();
    }
}
