package dev.landlord.agent.sandbox;

import dev.landlord.agent.diff.AgentAction.Delete;
import dev.landlord.agent.diff.AgentAction.ForgetOwner;
import dev.landlord.agent.diff.AgentAction.FreezeOwner;
import dev.landlord.agent.diff.AgentAction.Kill;
import dev.landlord.agent.diff.AgentAction.LimitOwner;
import dev.landlord.agent.diff.AgentAction.OwnerAction;
import dev.landlord.agent.diff.AgentAction.SandboxAction;
import dev.landlord.agent.diff.AgentAction.Start;
import dev.landlord.agent.diff.AgentAction.Terminate;
import dev.landlord.agent.diff.AgentAction.ThawOwner;
import dev.landlord.agent.diff.AgentAction.UpdateLimits;
import dev.landlord.agent.image.ImageCatalogue;
import dev.landlord.agent.image.content.CommandLookup;
import dev.landlord.agent.image.content.UserLookup;
import dev.landlord.api.id.AllocationId;
import dev.landlord.api.id.TenantName;
import dev.landlord.api.sync.Assignment;
import dev.landlord.runtime.IdBlock;
import dev.landlord.runtime.OwnerId;
import dev.landlord.runtime.ProcessSpec;
import dev.landlord.runtime.SandboxException;
import dev.landlord.runtime.SandboxException.Kind;
import dev.landlord.runtime.SandboxId;
import dev.landlord.runtime.SandboxRuntime;
import dev.landlord.runtime.SandboxSpec;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;

/**
 * Carries actions out. Blocks in native code, so it belongs on platform threads. Thread-safe for different sandboxes; the
 * actions of one sandbox are to come one after the other. Failures are {@link SandboxException}.
 */
public final class SandboxExecutor {
    private static final int SIGTERM = 15;

    private final SandboxRuntime runtime;
    private final LimitGroups limits;
    private final ImageCatalogue images;

    public SandboxExecutor(SandboxRuntime runtime, LimitGroups limits, ImageCatalogue images) {
        this.runtime = runtime;
        this.limits = limits;
        this.images = images;
    }

    public void apply(OwnerAction action) {
        OwnerId owner = new OwnerId(action.tenant().value());
        switch (action) {
            case LimitOwner limit -> limits.writeSlice(limit.tenant(), limit.limits());
            case FreezeOwner freeze -> runtime.freezeOwner(owner);
            case ThawOwner thaw -> runtime.thawOwner(owner);
            case ForgetOwner forget -> runtime.forgetOwner(owner);
        }
    }

    /** @param idBlocks first host id of each tenant's block */
    public void apply(SandboxAction action, Map<TenantName, Long> idBlocks) {
        switch (action) {
            case Start start -> start(start, idBlocks);
            case Terminate terminate -> runtime.signal(id(terminate.allocation(), terminate.run()), SIGTERM);
            case Kill kill -> runtime.stop(id(kill.allocation(), kill.run()), Duration.ZERO);
            case UpdateLimits update -> limits.write(update.allocation(), update.run(), update.limits());
            case Delete delete -> runtime.delete(id(delete.allocation(), delete.run()));
        }
    }

    private static SandboxId id(AllocationId allocation, int run) {
        return new SandboxName(allocation, run).id();
    }

    private void start(Start start, Map<TenantName, Long> idBlocks) {
        SandboxSpec spec = spec(start, idBlocks);
        runtime.create(spec);
        try {
            runtime.start(spec.id());
        } catch (SandboxException e) {
            removeFailed(spec.id(), e);
            throw e;
        }
    }

    private SandboxSpec spec(Start start, Map<TenantName, Long> idBlocks) {
        Assignment assignment = start.assignment();
        String image = assignment.process().image().value();
        Path rootfs =
                images.rootfs(image).orElseThrow(() -> absence(assignment, "image " + image + " is not on this node"));
        Long block = idBlocks.get(assignment.tenant());
        if (block == null) {
            throw absence(assignment, "every block of host ids of this node belongs to another tenant");
        }
        UserLookup.Found user =
                switch (UserLookup.find(rootfs, assignment.process().user())) {
                    case UserLookup.Found found -> found;
                    case UserLookup.NotFound nobody -> throw refusal(assignment, nobody.reason());
                };
        SandboxSpec spec = mapped(start, rootfs, new IdBlock(block, IdBlock.DEFAULT_SIZE), user);
        requireCommand(assignment, rootfs, spec.process());
        return spec;
    }

    private static SandboxSpec mapped(Start start, Path rootfs, IdBlock ids, UserLookup.Found user) {
        try {
            return SpecMapper.spec(start, rootfs, ids, user);
        } catch (IllegalArgumentException e) {
            String allocation = start.allocation().value();
            throw new SandboxException(Kind.INVALID, "start", allocation, 0, String.valueOf(e.getMessage()), e);
        }
    }

    /** The kernel would only say "no such file", also when it is the interpreter that is missing. */
    private static void requireCommand(Assignment assignment, Path rootfs, ProcessSpec process) {
        String path = process.env().getOrDefault("PATH", CommandLookup.DEFAULT_PATH);
        String command = process.command().getFirst();
        if (CommandLookup.find(rootfs, command, path, process.workdir()) instanceof CommandLookup.NotFound missing) {
            throw refusal(assignment, missing.reason());
        }
    }

    private static SandboxException refusal(Assignment assignment, String reason) {
        return new SandboxException(
                Kind.INVALID, "start", assignment.allocation().value(), reason);
    }

    /** What this host does not have now, and may have later: images are looked through after the agent has begun. */
    private static SandboxException absence(Assignment assignment, String reason) {
        return new SandboxException(
                Kind.EXHAUSTED, "start", assignment.allocation().value(), reason);
    }

    /** What could not be started has no output worth keeping, and must not stay on the host. */
    private void removeFailed(SandboxId id, SandboxException reason) {
        try {
            runtime.delete(id);
        } catch (SandboxException e) {
            reason.addSuppressed(e);
        }
    }
}
