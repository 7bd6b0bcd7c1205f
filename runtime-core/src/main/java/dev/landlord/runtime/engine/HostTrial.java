package dev.landlord.runtime.engine;

import dev.landlord.runtime.Connection;
import dev.landlord.runtime.HostFacts;
import dev.landlord.runtime.IdBlock;
import dev.landlord.runtime.Ipv4;
import dev.landlord.runtime.Isolation;
import dev.landlord.runtime.Limits;
import dev.landlord.runtime.LogPolicy;
import dev.landlord.runtime.OwnerId;
import dev.landlord.runtime.ProcessSpec;
import dev.landlord.runtime.SandboxException;
import dev.landlord.runtime.SandboxId;
import dev.landlord.runtime.SandboxSpec;
import dev.landlord.runtime.cgroup.CgroupTree;
import dev.landlord.runtime.facts.HostProbe;
import dev.landlord.runtime.state.SandboxDirectory;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Verifies the parts of the confinement that only a launch can verify: builds a whole sandbox over an empty image and lets
 * it exec a program that is not there. If the exec is what fails, then everything before it works.
 */
final class HostTrial {
    private static final List<String> SHOWN_BY_LAUNCH = List.of("userns", "overlay.idmap", "seccomp");
    private static final String NAME_PREFIX = "host-trial-";
    private static final String NO_PROGRAM = "/there-is-no-such-program";
    /** At the very end of the host ids, where agents have no reason to be given a range. */
    private static final IdBlock IDS = new IdBlock(0xFFFD_0000L, IdBlock.DEFAULT_SIZE);

    /** Of a range that is for documentation only, rfc5737. */
    private static final Connection CONNECTION = new Connection(Ipv4.parse("192.0.2.254"), -1, List.of());

    private final LinuxSandboxRuntime runtime;
    private final Connections connections;
    private final Path emptyImage;

    HostTrial(LinuxSandboxRuntime runtime, Connections connections, Path emptyImage) {
        this.runtime = runtime;
        this.connections = connections;
        this.emptyImage = emptyImage;
    }

    /** @param sandboxes parent of the sandboxes' directories */
    HostFacts run(CgroupTree groups, Path sandboxes) {
        removeEarlierOnes(groups, sandboxes);
        Map<String, String> missing = new HashMap<>();
        launchNothing(null).ifPresent(reason -> SHOWN_BY_LAUNCH.forEach(name -> missing.put(name, reason)));
        Set<String> verified = new HashSet<>(missing.isEmpty() ? SHOWN_BY_LAUNCH : List.of());
        connections
                .impossible()
                .or(() -> launchNothing(CONNECTION))
                .ifPresentOrElse(reason -> missing.put("network", reason), () -> verified.add("network"));
        return HostProbe.probe(groups, verified, missing, sandboxes);
    }

    /** Of an agent that died in its trial; one in a container has the same pid each time, and so the same name. */
    private void removeEarlierOnes(CgroupTree groups, Path sandboxes) {
        for (CgroupTree.Leaf leaf : groups.list()) {
            if (leaf.owner().equals(owner())) {
                groups.kill(leaf.owner(), leaf.id());
                groups.remove(leaf.owner(), leaf.id());
            }
        }
        SandboxDirectory.all(sandboxes).stream()
                .filter(directory -> directory.id().value().startsWith(NAME_PREFIX))
                .forEach(directory -> {
                    connections.expel(directory.id()); // or this trial would find its address taken
                    directory.delete();
                });
    }

    /** Empty if all went well up to the exec, else what went wrong. */
    private Optional<String> launchNothing(@Nullable Connection connection) {
        SandboxId id = new SandboxId(NAME_PREFIX + ProcessHandle.current().pid());
        try {
            runtime.create(spec(id, connection));
            runtime.start(id);
            return Optional.of("a program that is not there was started");
        } catch (SandboxException e) {
            return e.operation().equals("exec") ? Optional.empty() : Optional.of(String.valueOf(e.getMessage()));
        } finally {
            runtime.delete(id);
            runtime.forgetOwner(owner());
        }
    }

    private static OwnerId owner() {
        return new OwnerId("host-trial");
    }

    private SandboxSpec spec(SandboxId id, @Nullable Connection connection) {
        ProcessSpec process = new ProcessSpec(List.of(NO_PROGRAM), Map.of(), "/", 0, 0, List.of());
        return new SandboxSpec(
                id,
                owner(),
                IDS,
                emptyImage,
                process,
                "host-trial",
                Limits.NONE,
                65_536,
                64,
                65_536,
                false,
                LogPolicy.DEFAULT,
                Isolation.FULL,
                connection);
    }
}
