package dev.landlord.cli.logs;

import dev.landlord.api.id.AllocationId;
import dev.landlord.api.id.TenantName;
import dev.landlord.cli.failure.CommandFailure;
import dev.landlord.cli.failure.ExitCode;
import dev.landlord.cli.render.Fields;
import dev.landlord.cli.session.Lookup;
import dev.landlord.cli.session.Session;
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

/** What one program writes from now on. */
@Command(
        name = "attach",
        description = {
            "Show what a workload's own program writes from now on, its stdout and its stderr.",
            "Until the allocation ends, or Ctrl-C; the program goes on. It cannot be typed to: see exec for that."
        })
public final class AttachCommand implements Callable<Integer> {
    private final Session session;

    @Parameters(
            paramLabel = "WORKLOAD|ALLOCATION",
            description = "a workload's name, for one of its replicas, or an allocation's id")
    private String name = "";

    @Option(names = "--raw", description = "show control characters to a terminal as they are")
    private boolean raw;

    public AttachCommand(Session session) {
        this.session = session;
    }

    @Override
    public Integer call() {
        JsonNode allocation = new Lookup(session).running(name);
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
