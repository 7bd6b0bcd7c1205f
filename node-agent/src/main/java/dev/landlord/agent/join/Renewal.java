package dev.landlord.agent.join;

import dev.landlord.agent.identity.FreshKey;
import dev.landlord.agent.identity.NodeIdentity;
import dev.landlord.agent.identity.RenewalTime;
import dev.landlord.agent.sync.BackOff;
import dev.landlord.agent.sync.ControlPlaneClient;
import dev.landlord.agent.sync.ControlPlaneException;
import dev.landlord.api.id.NodeName;
import dev.landlord.api.join.RenewalReply;
import dev.landlord.api.join.RenewalRequest;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.function.Consumer;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Exchanges the node's certificate for the next one before it ends, and that of its metrics listener with it. The next one
 * is on disk before it is shown; calls and streams that are under way end with the one with which they began, which stays
 * good until its own end.
 */
public final class Renewal implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Renewal.class);
    private static final long FIRST_RETRY_MILLIS = 1_000;
    /** A clock that is set, or a host that sleeps, is noticed within this. */
    private static final long LOOK_MILLIS = 60_000;

    private final NodeName node;
    private final X509Certificate authority;
    private final CredentialStore store;
    private final ControlPlaneClient client;
    private final Consumer<NodeIdentity> metrics;
    private final Consumer<Boolean> outcome;
    private final InstantSource clock;
    private final RandomGenerator random = RandomGenerator.getDefault();
    private final BackOff backOff = new BackOff(FIRST_RETRY_MILLIS, random);
    private final Thread thread;
    private volatile NodeIdentity identity;
    private volatile boolean closed;
    private Instant due;
    private String lastFailure = "";

    /**
     * Of a node that has joined.
     *
     * @param metrics takes what the metrics listener shows from then on
     * @param outcome told of each try, true for a certificate that is in use
     */
    public Renewal(
            NodeName node,
            NodeCredentials credentials,
            Path stateDirectory,
            ControlPlaneClient client,
            Consumer<NodeIdentity> metrics,
            Consumer<Boolean> outcome,
            InstantSource clock) {
        this.node = node;
        this.authority = credentials.authority();
        this.identity = credentials.identity();
        this.store = new CredentialStore(stateDirectory);
        this.client = client;
        this.metrics = metrics;
        this.outcome = outcome;
        this.clock = clock;
        this.due = dueOf(identity);
        this.thread = Thread.ofPlatform().daemon().name("renewal").unstarted(this::run);
    }

    public void start() {
        thread.start();
    }

    /** The one in use. */
    public NodeIdentity identity() {
        return identity;
    }

    private Instant dueOf(NodeIdentity its) {
        return RenewalTime.due(its.notBefore(), its.notAfter(), random.nextDouble());
    }

    private void run() {
        try {
            while (!closed) {
                Thread.sleep(step());
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Does what is due, and says how long to wait, in milliseconds. */
    long step() throws InterruptedException {
        Instant now = clock.instant();
        if (now.isBefore(due)) {
            return Math.clamp(Duration.between(now, due).toMillis(), 1, LOOK_MILLIS);
        }
        NodeIdentity current = identity;
        if (current.isExpired(now)) {
            failed(
                    "it has expired at " + current.notAfter()
                            + " and the control plane takes nothing from this node any" + " more; sandboxes run on. "
                            + CredentialStore.JOIN_ANEW,
                    null);
            return LOOK_MILLIS;
        }
        return renew(current) ? 1 : wait(current);
    }

    private long wait(NodeIdentity current) {
        return backOff.nextMillis(Math.max(
                FIRST_RETRY_MILLIS,
                RenewalTime.longestWait(current.notBefore(), current.notAfter()).toMillis()));
    }

    private boolean renew(NodeIdentity current) throws InterruptedException {
        try {
            FreshKey key = FreshKey.make(node.value());
            FreshKey listener = FreshKey.make(node.value());
            RenewalReply reply = client.renew(new RenewalRequest(key.requestPem(), listener.requestPem()));
            String pem = key.keyPem() + reply.certificate();
            NodeIdentity next = NodeIdentity.parse(pem, authority);
            store.saveIdentity(pem);
            use(next);
            if (reply.metricsCertificate() != null) {
                show(listener.keyPem() + reply.metricsCertificate());
            }
            return true;
        } catch (ControlPlaneException | GeneralSecurityException | UncheckedIOException e) {
            failed("the one in use ends at " + current.notAfter() + ": " + e.getMessage(), null);
        } catch (RuntimeException | Error e) {
            // A bug, or an error of the machine; without this thread the node would drop out in the end.
            failed("the one in use ends at " + current.notAfter() + ": " + e, e);
        }
        return false;
    }

    /** Lasts so much longer than the node's own that the next time is early enough if this fails. */
    private void show(String pem) {
        try {
            NodeIdentity next = NodeIdentity.parse(pem, authority);
            store.saveMetrics(pem);
            metrics.accept(next);
        } catch (GeneralSecurityException | RuntimeException e) {
            LOG.warn("the certificate of the metrics listener is not renewed: {}", e.getMessage());
        }
    }

    private void use(NodeIdentity next) {
        client.show(next);
        identity = next;
        due = dueOf(next);
        backOff.succeeded();
        lastFailure = "";
        outcome.accept(true);
        LOG.info("the certificate of node {} was renewed, until {}", node, next.notAfter());
    }

    private void failed(String failure, @Nullable Throwable bug) {
        outcome.accept(false);
        if (!failure.equals(lastFailure)) {
            LOG.warn("the certificate of node {} is not renewed: {}", node, failure, bug);
            lastFailure = failure;
        }
    }

    @Override
    public void close() {
        closed = true;
        thread.interrupt();
    }
}
