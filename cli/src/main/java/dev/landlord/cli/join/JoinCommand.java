package dev.landlord.cli.join;

import dev.landlord.api.id.NodeName;
import dev.landlord.cli.failure.CommandFailure;
import dev.landlord.cli.failure.ExitCode;
import dev.landlord.cli.session.Session;
import java.io.IOException;
import java.net.InetAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** The agent of this host, in the foreground. */
@Command(
        name = "join",
        description = {
            "Let this host join a cluster and run its agent in the foreground; needs root. The token comes from",
            "landlord node join-token NAME, is good once for that name, and carries the digest of the only authority that the",
            "agent will trust. A host that has joined needs it no more: whatever is given then is ignored.",
            "Ctrl-C ends the agent; sandboxes run on, and the next agent finds them."
        })
public final class JoinCommand implements Callable<Integer> {
    private static final Pattern TOKEN = Pattern.compile("llj_[A-Za-z0-9_-]+\\.[0-9a-f]{64}");
    private static final int SIGNALLED = 128;

    private final Session session;

    @Parameters(index = "0", paramLabel = "URL", description = "node API of the control plane, https://HOST:7701")
    private URI url = URI.create("");

    @Parameters(index = "1", paramLabel = "TOKEN", description = "join token; - reads it from stdin")
    private String token = "";

    @Option(names = "--name", paramLabel = "NAME", description = "name of the node; the host's own if not given")
    private @Nullable NodeName name;

    @Option(names = "--state-dir", paramLabel = "DIR", description = "where the agent keeps its state")
    private @Nullable Path stateDir;

    @Option(names = "--cgroup-root", paramLabel = "NAME", description = "its subtree in every control-group hierarchy")
    private @Nullable String cgroupRoot;

    @Option(
            names = "--set",
            paramLabel = "NAME=VALUE",
            description = {
                "a setting of the agent, for example share.cpu-millis=2000 or network.host-address=10.0.0.7;",
                "may be repeated"
            })
    private List<String> settings = List.of();

    public JoinCommand(Session session) {
        this.session = session;
    }

    @Override
    public Integer call() {
        String home = session.terminal().variable("LANDLORD_HOME");
        if (home == null) {
            throw CommandFailure.usage(
                    "LANDLORD_HOME must name the folder that has bin/ and lib/; bin/landlord sets it");
        }
        NodeName node = name == null ? hostName() : name;
        AgentArguments arguments = new AgentArguments(url, node.value(), stateDir, cgroupRoot, settings);
        String secret = token.equals("-") ? fromInput() : token;
        if (!TOKEN.matcher(secret).matches()) {
            throw CommandFailure.usage("TOKEN is no join token; landlord node join-token " + node + " makes one");
        }
        Path file = write(secret);
        try {
            return run(arguments.command(Path.of(home, "bin", "landlord-agent"), file));
        } finally {
            delete(file);
        }
    }

    /** The agent shares our terminal and its Ctrl-C; what is sent to us alone is passed on. */
    private static int run(List<String> command) {
        List<String> whole = new ArrayList<>(List.of("setpriv", "--pdeathsig", "TERM", "--"));
        whole.addAll(command);
        Process agent;
        try {
            agent = new ProcessBuilder(whole).inheritIO().start();
        } catch (IOException e) {
            throw new CommandFailure(ExitCode.FAILED, "cannot start the agent: " + e.getMessage(), e);
        }
        Thread passOn = new Thread(() -> end(agent), "end-agent");
        Runtime.getRuntime().addShutdownHook(passOn);
        try {
            return exitCode(agent.waitFor());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new CommandFailure(ExitCode.INTERRUPTED, "interrupted", e);
        }
    }

    private static void end(Process agent) {
        agent.destroy();
        try {
            agent.waitFor();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** By a signal it was told to end; all else it did by itself. */
    static int exitCode(int agents) {
        if (agents == 0) {
            return ExitCode.OK.number();
        }
        return (agents > SIGNALLED ? ExitCode.INTERRUPTED : ExitCode.CHILD_DIED).number();
    }

    private static NodeName hostName() {
        try {
            String host = InetAddress.getLocalHost().getHostName().toLowerCase(Locale.ROOT);
            int dot = host.indexOf('.');
            return new NodeName(dot < 0 ? host : host.substring(0, dot));
        } catch (IOException | IllegalArgumentException e) {
            throw new CommandFailure(
                    ExitCode.USAGE,
                    "the host's own name cannot be that of a node: " + e.getMessage() + "; give --name",
                    e);
        }
    }

    private String fromInput() {
        try {
            byte[] bytes = session.terminal().in().readNBytes(1024);
            return new String(bytes, StandardCharsets.UTF_8).strip();
        } catch (IOException e) {
            throw new CommandFailure(ExitCode.USAGE, "cannot read the token from stdin: " + e, e);
        }
    }

    private static Path write(String secret) {
        try {
            Path file = Files.createTempFile(
                    "landlord-join-",
                    ".token",
                    PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
            return Files.writeString(file, secret + "\n");
        } catch (IOException e) {
            throw new CommandFailure(ExitCode.FAILED, "cannot write the token to a file: " + e, e);
        }
    }

    private static void delete(Path file) {
        try {
            Files.deleteIfExists(file);
        } catch (IOException e) {
            throw new CommandFailure(ExitCode.FAILED, "cannot delete " + file + ": " + e, e);
        }
    }
}
