package dev.landlord.cli.logs;

import dev.landlord.api.id.AllocationId;
import dev.landlord.api.id.Id;
import dev.landlord.api.id.TenantName;
import dev.landlord.api.id.WorkloadName;
import dev.landlord.cli.failure.CommandFailure;
import dev.landlord.cli.failure.ExitCode;
import dev.landlord.cli.render.Fields;
import dev.landlord.cli.session.Lookup;
import dev.landlord.cli.session.Session;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import tools.jackson.databind.JsonNode;

/** What programs wrote. */
@Command(
        name = "logs",
        description = {
            "Print what programs wrote.",
            "Of all replicas of a workload, each line then begins with its allocation; or of one allocation. -f follows a",
            "workload until it is deleted, with the replicas that take the place of others; or one allocation to its end."
        })
public final class LogsCommand implements Callable<Integer> {
    static final int MAX_SOURCES = 100;

    private final Session session;

    @Parameters(paramLabel = "WORKLOAD|ALLOCATION", description = "a workload's name or an allocation's id")
    private String name = "";

    @Option(
            names = {"-f", "--follow"},
            description = "go on with what is written from now on")
    private boolean follow;

    @Option(names = "--stderr", description = "the programs' stderr instead of their stdout")
    private boolean stderr;

    @Option(names = "--tail", paramLabel = "N", description = "at most the last N lines of the past")
    private @Nullable Integer tail;

    @Option(names = "--raw", description = "show control characters to a terminal as they are")
    private boolean raw;

    public LogsCommand(Session session) {
        this.session = session;
    }

    @Override
    public Integer call() {
        if (tail != null && (tail < 0 || tail > 1_000_000)) {
            throw CommandFailure.usage("--tail " + tail + ": must be between 0 and 1000000");
        }
        Subject subject = subject();
        List<JsonNode> allocations = subject.allocations();
        LogOutput output =
                new LogOutput(session.terminal().out(), session.terminal().interactive() && !raw);
        if (follow && subject.workload() != null) {
            TenantName tenant = session.tenant();
            boolean prefixed = allocations.size() > 1;
            new Following(session, tenant, subject.workload(), this::source, output, prefixed)
                    .follow(allocations, tail);
        } else if (allocations.size() == 1) {
            source(allocations.getFirst()).copy(follow, tail, "", output);
        } else {
            copyAll(allocations, output);
        }
        return 0;
    }

    /**
     * Whose logs are meant.
     *
     * @param workload null if one allocation was named
     */
    private record Subject(@Nullable WorkloadName workload, List<JsonNode> allocations) {}

    /** A name can be both; workloads are what people name, so they come first. */
    private Subject subject() {
        Lookup lookup = new Lookup(session);
        boolean mayBeWorkload = Id.NAME.matcher(name).matches();
        boolean mayBeAllocation = Id.ALLOCATION.matcher(name).matches();
        if (!mayBeWorkload && !mayBeAllocation) {
            throw CommandFailure.usage(name + ": is neither a workload's name nor an allocation's id");
        }
        TenantName tenant = mayBeAllocation ? session.tenantOrNull() : session.tenant();
        if (mayBeWorkload && tenant != null) {
            WorkloadName workload = new WorkloadName(name);
            List<JsonNode> found = lookup.allocationsOf(tenant, workload);
            if (found.size() > MAX_SOURCES) {
                throw CommandFailure.usage(name + " has " + found.size() + " allocations, at most " + MAX_SOURCES
                        + " can be shown at a time");
            }
            if (!found.isEmpty()) {
                return new Subject(workload, found);
            }
        }
        if (mayBeAllocation) {
            return new Subject(null, List.of(lookup.allocation(new AllocationId(name))));
        }
        throw new CommandFailure(ExitCode.NOT_FOUND, "workload " + name + " has no allocation");
    }

    static String prefix(AllocationId id) {
        return "[" + id + "] ";
    }

    private LogSource source(JsonNode allocation) {
        TenantName tenant = new TenantName(Fields.text(allocation, "tenant"));
        AllocationId id = new AllocationId(Fields.text(allocation, "id"));
        return new LogSource(session.client(), tenant, id, stderr ? "stderr" : "stdout");
    }

    private void copyAll(List<JsonNode> allocations, LogOutput output) {
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<?>> copies = new ArrayList<>();
            for (JsonNode allocation : allocations) {
                LogSource source = source(allocation);
                String prefix = prefix(new AllocationId(Fields.text(allocation, "id")));
                copies.add(threads.submit(() -> source.copy(false, tail, prefix, output)));
            }
            for (Future<?> copy : copies) {
                await(copy);
            }
        }
    }

    private void await(Future<?> copy) {
        try {
            copy.get();
        } catch (ExecutionException e) {
            // One that broke off does not end the others; the exit code of the command is that of the first.
            throw e.getCause() instanceof CommandFailure failure
                    ? failure
                    : new CommandFailure(ExitCode.INTERNAL, String.valueOf(e.getCause()), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new CommandFailure(ExitCode.INTERRUPTED, "interrupted", e);
        }
    }
}
