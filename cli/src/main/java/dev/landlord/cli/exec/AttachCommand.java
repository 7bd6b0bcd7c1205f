package dev.landlord.cli.exec;

import dev.landlord.api.id.AllocationId;
import dev.landlord.api.id.TenantName;
import dev.landlord.cli.client.ApiPath;
import dev.landlord.cli.client.LandlordClient;
import dev.landlord.cli.failure.CommandFailure;
import dev.landlord.cli.failure.ExitCode;
import dev.landlord.cli.logs.LogOutput;
import dev.landlord.cli.logs.LogSource;
import dev.landlord.cli.render.Fields;
import dev.landlord.cli.session.Lookup;
import dev.landlord.cli.session.Session;
import dev.landlord.cli.terminal.RawTerminal;
import dev.landlord.cli.terminal.Terminal;
import dev.landlord.cli.terminal.WindowSize;
import java.io.IOException;
import java.io.PrintStream;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** Somebody in front of a workload's own program. */
@Command(
        name = "attach",
        description = {
            "Show what a workload's own program writes from now on, its stdout and its stderr, and type to it.",
            "It can be typed to if its workload has stdin: true. If it has a terminal (tty: true) and you sit at one,",
            "that is it; leave with Ctrl-P Ctrl-Q. Else leave with Ctrl-C. The program goes on."
        })
public final class AttachCommand implements Callable<Integer> {
    private final Session session;

    @Parameters(
            paramLabel = "WORKLOAD|ALLOCATION",
            description = "a workload's name, for one of its replicas, or an allocation's id")
    private String name = "";

    @Option(
            names = "--raw",
            description = "show control characters to a terminal as they are; what has a terminal is always shown so")
    private boolean raw;

    @Option(names = "--no-stdin", description = "only look on")
    private boolean lookOn;

    public AttachCommand(Session session) {
        this.session = session;
    }

    @Override
    public Integer call() {
        JsonNode allocation = new Lookup(session).running(name);
        return !lookOn && reads(allocation) ? sitDown(allocation) : lookOn(allocation);
    }

    private boolean reads(JsonNode allocation) {
        ApiPath workload = Session.tenantPath(new TenantName(Fields.text(allocation, "tenant")))
                .child("workloads")
                .child(Fields.text(allocation, "workload"));
        return session.client().get(workload).at("/spec/stdin").asBoolean(false);
    }

    private int sitDown(JsonNode allocation) {
        TenantName tenant = new TenantName(Fields.text(allocation, "tenant"));
        AllocationId id = new AllocationId(Fields.text(allocation, "id"));
        Terminal terminal = session.terminal();
        LandlordClient client = session.client();
        ApiPath attach =
                Session.tenantPath(tenant).child("allocations").child(id).action("attach");
        JsonNode answer = client.post(attach, request(terminal)).body();
        ApiPath socket = Session.tenantPath(tenant).child("execs").child(Fields.text(answer, "id"));
        boolean onTerminal = answer.at("/terminal").asBoolean(false);
        boolean plain = terminal.interactive() && !raw && !onTerminal;
        try (ExecStream stream = ExecStream.open(client, socket, terminal, plain)) {
            return onTerminal && terminal.interactive() ? onTerminal(stream) : stream.run(true);
        }
    }

    private static int onTerminal(ExecStream stream) {
        RawTerminal raw;
        try {
            raw = RawTerminal.enter(size -> stream.resize(size.rows(), size.columns()));
        } catch (IOException e) {
            throw noTerminal(e);
        }
        try {
            return stream.run(new DetachKeys());
        } finally {
            raw.close();
        }
    }

    private static JsonNode request(Terminal terminal) {
        ObjectNode body = JsonNodeFactory.instance.objectNode();
        if (terminal.interactive()) {
            try {
                WindowSize size = RawTerminal.size();
                body.putObject("terminal").put("rows", size.rows()).put("columns", size.columns());
            } catch (IOException e) {
                throw noTerminal(e);
            }
        }
        return body;
    }

    private static CommandFailure noTerminal(IOException e) {
        return new CommandFailure(ExitCode.FAILED, "attach: " + e.getMessage(), e);
    }

    private int lookOn(JsonNode allocation) {
        ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
        try {
            CompletableFuture<Void> out =
                    copy(threads, allocation, "stdout", session.terminal().out());
            CompletableFuture<Void> err =
                    copy(threads, allocation, "stderr", session.terminal().err());
            CompletableFuture.allOf(out, err).join();
            return ExitCode.OK.number();
        } catch (CompletionException e) {
            throw e.getCause() instanceof CommandFailure failure
                    ? failure
                    : new CommandFailure(ExitCode.INTERNAL, String.valueOf(e.getCause()), e);
        } finally {
            threads.shutdownNow();
        }
    }

    private CompletableFuture<Void> copy(ExecutorService threads, JsonNode allocation, String stream, PrintStream to) {
        TenantName tenant = new TenantName(Fields.text(allocation, "tenant"));
        AllocationId id = new AllocationId(Fields.text(allocation, "id"));
        LogSource source = new LogSource(session.client(), tenant, id, stream);
        LogOutput output = new LogOutput(to, session.terminal().interactive() && !raw);
        return CompletableFuture.runAsync(() -> source.copy(true, 0, "", output), threads);
    }
}
