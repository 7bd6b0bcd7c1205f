package dev.landlord.cli.dev;

import dev.landlord.api.id.NodeName;
import dev.landlord.cli.dev.DevOptions.Extra;
import dev.landlord.cli.dev.DevOptions.Ports;
import dev.landlord.cli.failure.CommandFailure;
import dev.landlord.cli.failure.ExitCode;
import dev.landlord.cli.session.Session;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Everything on this one host, until Ctrl-C. */
@Command(
        name = "dev",
        description = {
            "Run a control plane and an agent on this host.",
            "For trying Landlord out and for working on it. Needs root, because the agent makes real containers. Prints where",
            "everything is and how to begin; Ctrl-C ends both, deletes all sandboxes, and leaves nothing behind. Several can run",
            "side by side."
        })
public final class DevCommand implements Callable<Integer> {
    private static final Path SLOTS = Path.of("/run/landlord-dev");

    private final Session session;

    @Option(names = "--state-dir", paramLabel = "DIR", description = "keep state here; else it is temporary")
    private @Nullable Path stateDir;

    @Option(names = "--keep", description = "at the end leave the sandboxes running, and the state")
    private boolean keep;

    @Option(names = "--json", description = "print one line of JSON when everything is up")
    private boolean json;

    @Option(names = "--node", paramLabel = "NAME", description = "name of the node; dev if not given")
    private NodeName node = new NodeName("dev");

    @Option(names = "--public-port", paramLabel = "PORT", description = "REST API; 7700, or 0 for any free one")
    private @Nullable Integer publicPort;

    @Option(names = "--node-port", paramLabel = "PORT", description = "node API; 7701, or 0 for any free one")
    private @Nullable Integer nodePort;

    @Option(names = "--management-port", paramLabel = "PORT", description = "health and metrics; 7702, or 0")
    private @Nullable Integer managementPort;

    @Option(names = "--metrics-port", paramLabel = "PORT", description = "the agent's metrics; 7710, or 0")
    private @Nullable Integer metricsPort;

    @Option(
            names = "--control-plane-arg",
            paramLabel = "ARG",
            description = "passed on to the control plane, as --landlord.NAME=VALUE; may be repeated")
    private List<String> controlPlaneArguments = List.of();

    @Option(
            names = "--agent-arg",
            paramLabel = "ARG",
            description = "passed on to the agent, as --landlord.agent.NAME=VALUE; may be repeated")
    private List<String> agentArguments = List.of();

    public DevCommand(Session session) {
        this.session = session;
    }

    @Override
    public Integer call() {
        requireRoot();
        DevOptions options = options();
        try (Attention attention = new Attention()) {
            ExitCode code = ExitCode.INTERNAL;
            try {
                code = run(options, attention);
            } catch (CommandFailure e) {
                code = e.code();
                e.lines().forEach(line -> session.terminal().say("landlord: " + line));
            } finally {
                attention.done(code);
            }
            return code.number();
        }
    }

    private ExitCode run(DevOptions options, Attention attention) {
        StateFolder state = StateFolder.open(options.stateDir());
        try (Slot slot = Slot.take(SLOTS, state.slot())) {
            state.rememberSlot(slot.number());
            return new DevHost(options, session.terminal(), attention, state, slot).live();
        } finally {
            state.deleteIfUnused();
        }
    }

    private DevOptions options() {
        String home = session.terminal().variable("LANDLORD_HOME");
        if (home == null) {
            throw CommandFailure.usage(
                    "LANDLORD_HOME must name the folder that has bin/ and lib/; bin/landlord sets it");
        }
        return new DevOptions(
                Path.of(home),
                stateDir,
                node.value(),
                new Ports(publicPort, nodePort, managementPort, metricsPort),
                keep,
                json,
                new Extra(controlPlaneArguments, agentArguments));
    }

    private static void requireRoot() {
        try {
            Object user = Files.getAttribute(Path.of("/proc/self"), "unix:uid");
            if (!Integer.valueOf(0).equals(user)) {
                throw new CommandFailure(ExitCode.FAILED, "landlord dev needs root: it makes real containers");
            }
        } catch (IOException e) {
            throw new CommandFailure(ExitCode.FAILED, "cannot tell which user this is: " + e, e);
        }
    }
}
