package dev.landlord.agent.sync;

import dev.landlord.agent.identity.NodeIdentity;
import dev.landlord.api.id.Generation;
import dev.landlord.api.join.RenewalReply;
import dev.landlord.api.join.RenewalRequest;
import dev.landlord.api.sync.DesiredReply;
import dev.landlord.api.sync.NodeReport;
import dev.landlord.api.sync.ReportReply;
import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The node API as its agent sees it. Thread-safe; all faults are {@link ControlPlaneException}. */
public interface ControlPlaneClient extends AutoCloseable {
    ReportReply report(NodeReport report) throws InterruptedException;

    /**
     * Waits for something that the agent does not know yet.
     *
     * @param seen the newest generation that the agent has received, accepted or not
     * @return empty when the time ran out
     */
    Optional<DesiredReply> awaitDesired(Generation seen, Duration wait) throws InterruptedException;

    /**
     * Dials back for a stream that the control plane asked for.
     *
     * @param address {@code HOST:PORT} of the replica that asked; null for the usual one
     */
    StreamSink openStream(String id, @Nullable String address) throws InterruptedException;

    /** Likewise, for a program that somebody wants to sit in front of. */
    StreamSink.Duplex openExec(String id, @Nullable String address, StreamSink.Duplex.Listener listener)
            throws InterruptedException;

    /** Asks for the next certificates, showing the one in use. */
    RenewalReply renew(RenewalRequest wanted) throws InterruptedException;

    /** Shows this one from now on; what is under way ends with the one with which it began. */
    void show(NodeIdentity identity);

    @Override
    void close();
}
