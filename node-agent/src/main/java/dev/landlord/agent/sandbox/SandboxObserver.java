package dev.landlord.agent.sandbox;

import dev.landlord.agent.diff.Ending;
import dev.landlord.agent.diff.ObservedSandbox;
import dev.landlord.api.id.TenantName;
import dev.landlord.runtime.ExitRecord;
import dev.landlord.runtime.SandboxException;
import dev.landlord.runtime.SandboxId;
import dev.landlord.runtime.SandboxRuntime;
import dev.landlord.runtime.SandboxStatus;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Says what is on the host in the words of the diff. For one thread. */
public final class SandboxObserver {
    private final SandboxRuntime runtime;
    /** Read once per ended sandbox: its control groups do not change any more. */
    private final Map<SandboxId, Long> oomKillsOfEnded = new HashMap<>();

    public SandboxObserver(SandboxRuntime runtime) {
        this.runtime = runtime;
    }

    /** All sandboxes that an agent made; those with foreign names or owners are not ours to judge. */
    public List<ObservedSandbox> observe() {
        List<SandboxStatus> statuses = runtime.list();
        Set<SandboxId> present = statuses.stream().map(SandboxStatus::id).collect(Collectors.toSet());
        oomKillsOfEnded.keySet().retainAll(present);
        List<ObservedSandbox> observed = new ArrayList<>(statuses.size());
        for (SandboxStatus status : statuses) {
            observe(status).ifPresent(observed::add);
        }
        return observed;
    }

    private Optional<ObservedSandbox> observe(SandboxStatus status) {
        Optional<TenantName> tenant = tenant(status);
        return SandboxName.parse(status.id())
                .flatMap(name -> tenant.map(owner -> new ObservedSandbox(
                        name.allocation(),
                        name.run(),
                        owner,
                        phase(status),
                        status.startedAtEpochMillis(),
                        oomKills(status),
                        ending(status))));
    }

    private static Optional<TenantName> tenant(SandboxStatus status) {
        try {
            return Optional.of(new TenantName(status.owner().value()));
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }

    private static ObservedSandbox.Phase phase(SandboxStatus status) {
        return switch (status.phase()) {
            case CREATED -> ObservedSandbox.Phase.CREATED;
            case RUNNING -> ObservedSandbox.Phase.RUNNING;
            case FROZEN -> ObservedSandbox.Phase.FROZEN;
            case EXITED -> ObservedSandbox.Phase.EXITED;
            case LOST -> ObservedSandbox.Phase.LOST;
        };
    }

    private long oomKills(SandboxStatus status) {
        ExitRecord exit = status.exit();
        if (exit == null || !exit.oomKilled()) {
            return 0;
        }
        return oomKillsOfEnded.computeIfAbsent(status.id(), this::readOomKills);
    }

    private long readOomKills(SandboxId id) {
        try {
            return Math.max(1, runtime.usage(id).oomKills());
        } catch (SandboxException e) {
            // Its groups are gone already; that it happened at all is in the record of its end.
            return 1;
        }
    }

    private static @Nullable Ending ending(SandboxStatus status) {
        ExitRecord exit = status.exit();
        if (exit == null || status.phase() == SandboxStatus.Phase.LOST) {
            return null;
        }
        return new Ending(
                status.startedAtEpochMillis(),
                exit.endedAtEpochMillis(),
                exit.exitCode(),
                exit.oomKilled(),
                say(exit),
                exit.fenced());
    }

    private static String say(ExitRecord exit) {
        if (exit.fenced()) {
            return Ending.FENCED;
        }
        String how = exit.signal() != 0
                ? "program was ended by signal " + exit.signal()
                : "program exited with code " + exit.exitCode();
        if (!exit.oomKilled()) {
            return how;
        }
        return exit.oomFromAbove()
                ? how + "; its host was out of memory and killed it or one of its processes, within its limit"
                : how + "; its memory limit killed it or one of its processes";
    }
}
