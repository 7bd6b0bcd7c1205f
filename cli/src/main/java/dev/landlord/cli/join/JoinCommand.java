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
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/**
 * What the agent of this host is started with, left for bin/landlord in the folder {@code LANDLORD_HANDOVER}. The agent takes
 * the place of that script, in the foreground.
 */
@Command(
        name = "join",
        description = {
            "Let this host join a cluster and run its agent in the foreground; needs root. The token comes from",
            "landlord node join-token NAME, is good once for that name, and carries the digest of the only authority"
                    + " that the",
            "agent will trust. A host that has joined needs it no more: whatever is given then is ignored.",
            "Ctrl-C ends the agent; sandboxes run on, and the next agent finds them."
        })
public final class JoinCommand implements Callable<Integer> {
    private static final Pattern TOKEN = Pattern.compile("llj_[A-Za-z0-9_-]+\\.[0-9a-f]{64}");
    /** Where bin/landlord has the token's file open when it starts the agent. */
    private static final String OPEN_TOKEN = "/dev/fd/3";

    private final Session session;

    @Parameters(
            index = "0",
            paramLabel = "URL",
            split = ",",
            description = "node API of the control plane, https://HOST:7701; of several replicas with commas between")
    private List<URI> urls = List.of();

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
        String folder = session.terminal().variable("LANDLORD_HANDOVER");
        if (folder == null) {
            throw CommandFailure.usage("LANDLORD_HANDOVER must name an empty folder; bin/landlord sets it");
        }
        NodeName node = name == null ? hostName() : name;
        AgentArguments arguments = new AgentArguments(urls, node.value(), stateDir, cgroupRoot, settings);
        String secret = token.equals("-") ? fromInput() : token;
        if (!TOKEN.matcher(secret).matches()) {
            throw CommandFailure.usage("TOKEN is no join token; landlord node join-token " + node + " makes one");
        }
        leave(Path.of(folder, "token"), secret);
        // Last: its presence means that the agent is to be started.
        leave(Path.of(folder, "arguments"), AgentArguments.shellWords(arguments.all(OPEN_TOKEN)));
        return ExitCode.OK.number();
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

    private static void leave(Path file, String text) {
        try {
            Files.createFile(file, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
            Files.writeString(file, text + "\n");
        } catch (IOException e) {
            throw new CommandFailure(ExitCode.FAILED, "cannot write " + file + ": " + e, e);
        }
    }
}
