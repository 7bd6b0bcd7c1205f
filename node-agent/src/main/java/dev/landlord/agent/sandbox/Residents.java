package dev.landlord.agent.sandbox;

import dev.landlord.agent.diff.ObservedSandbox;
import dev.landlord.api.id.AllocationId;
import dev.landlord.runtime.ExecSession;
import dev.landlord.runtime.ExecSpec;
import dev.landlord.runtime.LogPage;
import dev.landlord.runtime.SandboxException;
import dev.landlord.runtime.SandboxId;
import dev.landlord.runtime.SandboxRuntime;
import dev.landlord.runtime.Usage;
import java.util.Map;
import java.util.Optional;

/** Who lives on this host, as of the last pass; and what can be read of them. Thread-safe. */
public final class Residents {
    private final SandboxRuntime runtime;
    private volatile Map<AllocationId, Resident> byAllocation = Map.of();

    public Residents(SandboxRuntime runtime) {
        this.runtime = runtime;
    }

    public void publish(Map<AllocationId, Resident> residents) {
        byAllocation = Map.copyOf(residents);
    }

    public Map<AllocationId, Resident> all() {
        return byAllocation;
    }

    public Optional<Resident> find(AllocationId allocation) {
        return Optional.ofNullable(byAllocation.get(allocation));
    }

    /** Empty when it has gone since the last pass. */
    public Optional<Usage> usage(SandboxName name) {
        try {
            return Optional.of(runtime.usage(name.id()));
        } catch (SandboxException e) {
            if (e.kind() == SandboxException.Kind.NOT_FOUND) {
                return Optional.empty();
            }
            throw e;
        }
    }

    /** Captured output from the offset on; empty when the sandbox has gone. */
    public Optional<LogPage> output(SandboxName name, LogPage.Stream stream, long offset, int maxBytes) {
        try {
            return Optional.of(runtime.logs(name.id(), stream, offset, maxBytes));
        } catch (SandboxException e) {
            if (e.kind() == SandboxException.Kind.NOT_FOUND) {
                return Optional.empty();
            }
            throw e;
        }
    }

    /**
     * Runs a program in the newest sandbox of an allocation.
     *
     * @throws SandboxException {@code NOT_FOUND} if it has none
     */
    public ExecSession exec(AllocationId allocation, ExecSpec spec) {
        return runtime.exec(newest("exec in", allocation), spec);
    }

    /**
     * Sits down in front of the program of the newest sandbox of an allocation.
     *
     * @throws SandboxException {@code NOT_FOUND} if it has none
     */
    public ExecSession attach(AllocationId allocation) {
        return runtime.attach(newest("attach to", allocation));
    }

    private SandboxId newest(String operation, AllocationId allocation) {
        ObservedSandbox sandbox = find(allocation).map(Resident::sandbox).orElse(null);
        if (sandbox == null) {
            throw new SandboxException(
                    SandboxException.Kind.NOT_FOUND,
                    operation,
                    allocation.value(),
                    "it has no sandbox on this node now");
        }
        return new SandboxName(allocation, sandbox.run()).id();
    }
}
