package dev.landlord.agent.sandbox;

import dev.landlord.api.id.AllocationId;
import dev.landlord.runtime.SandboxId;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * How the runs of an allocation are named on the host: {@code ALLOCATION-rRUN}. A sandbox runs once, so each restart has a
 * name of its own.
 */
public record SandboxName(AllocationId allocation, int run) {
    private static final Pattern FORM = Pattern.compile("([a-z0-9]{8,32})-r([1-9][0-9]{0,8})");

    public SandboxId id() {
        return new SandboxId(allocation.value() + "-r" + run);
    }

    /** Empty for a sandbox that no agent made. */
    public static Optional<SandboxName> parse(SandboxId id) {
        Matcher matcher = FORM.matcher(id.value());
        return matcher.matches()
                ? Optional.of(new SandboxName(new AllocationId(matcher.group(1)), Integer.parseInt(matcher.group(2))))
                : Optional.empty();
    }
}
