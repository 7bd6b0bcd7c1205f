package dev.landlord.agent.network;

import dev.landlord.runtime.SandboxException;
import dev.landlord.runtime.SandboxRuntime;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Asks the runtime once a second how many packets it dropped. By the way the runtime finds out whether somebody took its
 * firewall away and puts it up anew, so this must not wait until somebody wants to see the numbers. For one thread.
 */
public final class FirewallWatch {
    private static final long INTERVAL_MILLIS = 1_000;
    private static final Logger LOG = LoggerFactory.getLogger(FirewallWatch.class);

    private final SandboxRuntime runtime;
    private long nextMillis = Long.MIN_VALUE;
    private @Nullable String complaint;

    public FirewallWatch(SandboxRuntime runtime) {
        this.runtime = runtime;
    }

    /** @param counts gets the packets by reason, nothing where no sandboxes are connected */
    public void look(long nowMillis, Consumer<Map<String, Long>> counts) {
        if (nowMillis < nextMillis && nextMillis - nowMillis <= INTERVAL_MILLIS) {
            return;
        }
        nextMillis = nowMillis + INTERVAL_MILLIS;
        try {
            counts.accept(runtime.droppedPackets().packets());
            complaint = null;
        } catch (SandboxException e) {
            String reason = String.valueOf(e.getMessage());
            if (!reason.equals(complaint)) {
                LOG.error("the firewall of sandboxes cannot be looked at: {}", reason);
            }
            complaint = reason;
        }
    }
}
