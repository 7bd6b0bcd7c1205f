package dev.landlord.cli.dev;

import dev.landlord.api.id.NodeName;
import dev.landlord.cli.client.ApiPath;
import dev.landlord.cli.client.LandlordClient;
import dev.landlord.cli.config.ConfigFile;
import dev.landlord.cli.config.ConfigStore;
import dev.landlord.cli.config.Context;
import dev.landlord.cli.config.Settings;
import dev.landlord.cli.config.TokenFile;
import dev.landlord.cli.failure.CommandFailure;
import dev.landlord.cli.failure.ExitCode;
import dev.landlord.cli.render.Fields;
import dev.landlord.cli.terminal.Terminal;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * The life of one {@code landlord dev}, from the first process to the last file. For the one thread that starts the children:
 * they end with it.
 */
final class DevHost {
    private static final Duration START = Duration.ofMinutes(2);
    private static final Duration IMAGES = Duration.ofMinutes(1);
    /** The agent deletes all sandboxes in this time. */
    private static final Duration AGENT_GRACE = Duration.ofMinutes(1);

    private static final Duration CONTROL_PLANE_GRACE = Duration.ofSeconds(20);

    private final DevOptions options;
    private final Terminal terminal;
    private final Attention attention;
    private final StateFolder state;
    private final Slot slot;
    private final Commands commands;
    private final ConfigStore config;
    private final List<BoundedLog> logs = new ArrayList<>();
    private @Nullable Child controlPlane;
    private @Nullable Child agent;
    private @Nullable String previousContext;
    private boolean contextWritten;
    private boolean agentWasReady;
    private int nodePort;

    DevHost(DevOptions options, Terminal terminal, Attention attention, StateFolder state, Slot slot) {
        this.options = options;
        this.terminal = terminal;
        this.attention = attention;
        this.state = state;
        this.slot = slot;
        this.commands = new Commands(options, state, slot);
        this.config = ConfigStore.of(terminal);
    }

    /** From nothing to nothing. */
    ExitCode live() {
        boolean clean = false;
        try {
            run();
        } finally {
            clean = tearDown();
        }
        return clean ? ExitCode.OK : ExitCode.FAILED;
    }

    /** Returns once it is to end; everything is still there then. */
    private void run() {
        refuseLeftovers();
        JsonNode listeners = startControlPlane();
        nodePort = (int) Fields.number(listeners, "node");
        URI server = URI.create("https://127.0.0.1:" + Fields.number(listeners, "public"));
        Path ca = state.controlPlane().resolve("ca.crt");
        Path token = state.controlPlane().resolve("operator.token");
        try (LandlordClient client = new LandlordClient(new Settings(server, ca, TokenFile.read(token), null, null))) {
            int metricsPort = startAgent(client);
            rememberContext(server, ca, token);
            new Announcement(options, state, slot, config.file()).print(terminal, listeners, metricsPort);
        }
        waitForTheEnd();
    }

    /** Groups with processes in a subtree that nobody holds are of a run that was killed with its agent. */
    private void refuseLeftovers() {
        try {
            ControlGroups groups = groups();
            if (state.temporary() && groups.hasProcesses()) {
                throw new CommandFailure(
                        ExitCode.FAILED,
                        "sandboxes of an earlier run are left in the control groups " + slot.cgroupRoot()
                                + "; start it again with its --state-dir and end it, or end the processes");
            }
        } catch (IOException e) {
            throw new CommandFailure(ExitCode.FAILED, "cannot look at the control groups: " + e, e);
        }
    }

    private ControlGroups groups() {
        return new ControlGroups(Path.of("/sys/fs/cgroup"), slot.cgroupRoot());
    }

    private JsonNode startControlPlane() {
        Path listeners = state.controlPlane().resolve("listeners.json");
        forget(listeners);
        Child started = start("control-plane", commands.controlPlane());
        controlPlane = started;
        attention.await("the control plane is not ready", START, started, () -> Files.exists(listeners));
        return read(listeners);
    }

    private int startAgent(LandlordClient client) {
        Path listeners = state.agent().resolve("listeners.json");
        forget(listeners);
        forget(state.joinToken());
        ApiPath node = ApiPath.of("nodes").child(new NodeName(options.node()));
        issueJoinToken(client, node);
        Child started = start("agent", commands.agent(nodePort));
        agent = started;
        attention.await("the agent is not ready", START, started, () -> Files.exists(listeners));
        agentWasReady = true;
        attention.await("the node is not ready", START, started, () -> isReady(client, node, false));
        forget(state.joinToken());
        try {
            attention.await("", IMAGES, started, () -> isReady(client, node, true));
        } catch (CommandFailure e) {
            if (e.code() != ExitCode.TIMED_OUT) {
                throw e;
            }
            terminal.say("the agent has no image yet; landlord describe node " + options.node() + " says why");
        }
        return (int) Fields.number(read(listeners), "metrics");
    }

    /** A node that joined in an earlier run has its own credential, and may be refused another token. */
    private void issueJoinToken(LandlordClient client, ApiPath node) {
        TokenFile.reserve(state.joinToken());
        try {
            JsonNode issued = client.post(node.action("join-token")).body();
            TokenFile.write(state.joinToken(), Fields.text(issued, "token"));
        } catch (CommandFailure e) {
            if (e.code() != ExitCode.FAILED || !Files.exists(state.agent())) {
                throw e;
            }
        }
    }

    private static boolean isReady(LandlordClient client, ApiPath node, boolean withImages) {
        try {
            JsonNode body = client.get(node);
            return Fields.text(body, "state").equals("ready")
                    && (!withImages || !body.path("images").isEmpty());
        } catch (CommandFailure e) {
            if (e.code() == ExitCode.NOT_FOUND) {
                return false;
            }
            throw e;
        }
    }

    private Child start(String name, List<String> command) {
        BoundedLog log = state.log(name);
        logs.add(log);
        return Child.start(name, command, log, new ProblemFilter(name, terminal.clock(), terminal::say));
    }

    private void rememberContext(URI server, Path ca, Path token) {
        Context context = new Context(
                server.toString(),
                ca.toString(),
                token.toString(),
                null,
                null,
                state.controlPlane().resolve("scrape.token").toString());
        String name = slot.contextName();
        config.update(file -> {
            boolean becomesCurrent = slot.number() == 0 || file.current() == null;
            String before = file.current();
            previousContext = name.equals(before) ? null : before;
            ConfigFile with = file.withCurrent(name, context);
            return becomesCurrent ? with : new ConfigFile(before, with.contexts());
        });
        contextWritten = true;
    }

    private void waitForTheEnd() {
        Child first = Objects.requireNonNull(controlPlane);
        Child second = Objects.requireNonNull(agent);
        try {
            CompletableFuture.anyOf(attention.stopWanted(), first.onExit(), second.onExit())
                    .get();
        } catch (ExecutionException e) {
            throw new CommandFailure(ExitCode.INTERNAL, String.valueOf(e.getCause()), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return;
        }
        if (attention.stopWanted().isDone()) {
            return;
        }
        throw (first.isAlive() ? second : first).death();
    }

    /** Undoes everything, as far as it came; says what it could not. True when nothing is left that should not be. */
    private boolean tearDown() {
        reviveForTheEnd();
        boolean clean = stop(agent, AGENT_GRACE);
        clean &= stop(controlPlane, CONTROL_PLANE_GRACE);
        if (!options.keep()) {
            clean &= attempt("remove the control groups", () -> {
                List<Path> left = groups().remove();
                if (!left.isEmpty()) {
                    throw new IOException(left + " still have processes");
                }
            });
        }
        if (contextWritten) {
            clean &= attempt(
                    "forget the context " + slot.contextName(),
                    () -> config.update(file -> file.without(slot.contextName(), previousContext)));
        }
        for (BoundedLog log : logs) {
            clean &= attempt("close " + log.file(), log::close);
        }
        if (state.temporary() && !options.keep()) {
            clean &= attempt("delete " + state.path(), state::delete);
        }
        return clean;
    }

    /** Sandboxes outlive an agent that died: only an agent can delete them. */
    private void reviveForTheEnd() {
        Child dead = agent;
        if (dead == null || dead.isAlive() || options.keep() || !agentWasReady) {
            return;
        }
        terminal.say("starting the agent once more, to delete its sandboxes");
        Path listeners = state.agent().resolve("listeners.json");
        try {
            forget(listeners);
            Child revived = Child.start(
                    "agent",
                    commands.agent(nodePort),
                    state.log("agent-at-the-end"),
                    new ProblemFilter("agent", terminal.clock(), terminal::say));
            agent = revived;
            revived.awaitAlive(START, () -> Files.exists(listeners));
        } catch (CommandFailure e) {
            e.lines().forEach(terminal::say);
        }
    }

    private boolean stop(@Nullable Child child, Duration grace) {
        if (child == null) {
            return true;
        }
        boolean alive = child.isAlive();
        boolean inTime = child.stop(grace);
        if (!inTime) {
            terminal.say("the " + child.name() + " did not end within " + grace.toSeconds() + " s and was killed");
        }
        return alive && inTime;
    }

    /** Something that may fail with what is worth saying. */
    private interface Step {
        void run() throws IOException;
    }

    private boolean attempt(String what, Step step) {
        try {
            step.run();
            return true;
        } catch (IOException | CommandFailure e) {
            terminal.say("cannot " + what + ": " + e.getMessage());
            return false;
        }
    }

    private static void forget(Path file) {
        try {
            Files.deleteIfExists(file);
        } catch (IOException e) {
            throw new CommandFailure(ExitCode.FAILED, "cannot delete " + file + ": " + e, e);
        }
    }

    private static JsonNode read(Path file) {
        try {
            return JsonMapper.shared().readTree(Files.readString(file));
        } catch (IOException | JacksonException e) {
            throw new CommandFailure(ExitCode.FAILED, "cannot read " + file + ": " + e, e);
        }
    }
}
