package dev.landlord.agent.join;

import dev.landlord.agent.address.ControlPlanes;
import dev.landlord.agent.identity.FreshKey;
import dev.landlord.agent.identity.NodeIdentity;
import dev.landlord.agent.sync.BackOff;
import dev.landlord.agent.sync.ControlPlaneException;
import dev.landlord.agent.sync.HttpCalls;
import dev.landlord.agent.sync.PinnedTls;
import dev.landlord.api.id.NodeName;
import dev.landlord.api.join.JoinReply;
import dev.landlord.api.join.JoinRequest;
import java.net.http.HttpRequest;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * How a node gets its credentials: those on disk if it joined before, else by a join token, which says whom to trust. Waits
 * for a control plane that does not answer; a refusal ends it.
 */
public final class Joining {
    private static final Pattern TOKEN = Pattern.compile("llj_[A-Za-z0-9_-]{43}\\.([0-9a-f]{64})");
    private static final Pattern SHA256 = Pattern.compile("[0-9a-f]{64}");
    private static final Duration PATIENCE = Duration.ofSeconds(15);
    private static final long MAX_WAIT_MILLIS = 15_000;
    private static final Logger LOG = LoggerFactory.getLogger(Joining.class);

    private final ControlPlanes controlPlanes;
    private final NodeName node;
    private final CredentialStore store;
    private final InstantSource clock;

    public Joining(ControlPlanes controlPlanes, NodeName node, Path stateDirectory, InstantSource clock) {
        this.controlPlanes = controlPlanes;
        this.clock = clock;
        this.node = node;
        this.store = new CredentialStore(stateDirectory);
    }

    /**
     * @param token asked for only if the node has not joined yet, or its certificate has expired; empty if there is none
     * @throws JoinException if it is refused
     */
    public NodeCredentials credentials(Supplier<Optional<String>> token) throws InterruptedException {
        Optional<NodeCredentials> stored = store.load(node.value());
        if (stored.isPresent() && !stored.get().identity().isExpired(clock.instant())) {
            return stored.get();
        }
        String why = stored.map(expired ->
                        "its certificate has expired at " + expired.identity().notAfter() + ", it has to join anew")
                .orElse("it has not joined yet");
        LOG.info("node {}: {}", node, why);
        String given = token.get()
                .orElseThrow(() -> new JoinException(
                        "node " + node + ": " + why + ": landlord.agent.join-token or join-token-file is needed",
                        null));
        BackOff backOff = new BackOff(500, RandomGenerator.getDefault());
        while (true) {
            try {
                return join(given);
            } catch (ControlPlaneException e) {
                if (e.isFinal()) {
                    throw new JoinException("node " + node + " cannot join: " + e.getMessage(), e);
                }
                LOG.warn("node {} cannot join yet: {}", node, e.getMessage());
                Thread.sleep(backOff.nextMillis(MAX_WAIT_MILLIS));
            }
        }
    }

    private NodeCredentials join(String token) throws InterruptedException {
        Matcher matcher = TOKEN.matcher(token);
        if (!matcher.matches()) {
            throw new JoinException(
                    "node " + node + ": the join token must have the form llj_SECRET.DIGEST, as the control plane"
                            + " printed it",
                    null);
        }
        String caPem = fetchAuthority();
        X509Certificate authority = verified(caPem, matcher.group(1));
        FreshKey key = FreshKey.make(node.value());
        FreshKey metrics = FreshKey.make(node.value());
        JoinReply reply = ask(authority, new JoinRequest(node, token, key.requestPem(), metrics.requestPem()));
        String identity = key.keyPem() + reply.certificate();
        requireOwn(identity, authority);
        store.save(
                new CredentialStore.Pems(caPem, identity, reply.metricsCertificate(), metrics.keyPem()),
                new CredentialStore.Stored(CredentialStore.Stored.VERSION, node.value(), reply.scrapeTokenSha256()));
        LOG.info("node {} has joined {}", node, controlPlanes.current());
        return store.load(node.value()).orElseThrow();
    }

    /** Before it takes the place of one that may be good. */
    private void requireOwn(String identity, X509Certificate authority) {
        try {
            NodeIdentity.parse(identity, authority);
        } catch (GeneralSecurityException e) {
            throw new JoinException(
                    "node " + node + ": " + controlPlanes.current() + " gave a certificate of no use: "
                            + e.getMessage(),
                    e);
        }
    }

    private String fetchAuthority() throws InterruptedException {
        try (HttpCalls calls = new HttpCalls(controlPlanes, PinnedTls.trustingAnybody())) {
            byte[] pem = calls.send(calls.request("/node/v1/ca", PATIENCE).GET().build())
                    .orElse(new byte[0]);
            return new String(pem, StandardCharsets.US_ASCII);
        }
    }

    private X509Certificate verified(String caPem, String digest) {
        try {
            X509Certificate authority = PinnedTls.certificate(caPem);
            String actual = PinnedTls.digest(authority);
            if (!MessageDigest.isEqual(
                    actual.getBytes(StandardCharsets.US_ASCII), digest.getBytes(StandardCharsets.US_ASCII))) {
                throw new JoinException(
                        "node " + node + ": " + controlPlanes.current()
                                + " is not the control plane of this join token: its"
                                + " certificate authority has the digest " + actual,
                        null);
            }
            return authority;
        } catch (GeneralSecurityException e) {
            throw new JoinException(
                    "node " + node + ": " + controlPlanes.current() + "/node/v1/ca is not a certificate: "
                            + e.getMessage(),
                    e);
        }
    }

    private JoinReply ask(X509Certificate authority, JoinRequest join) throws InterruptedException {
        try (HttpCalls calls = new HttpCalls(controlPlanes, PinnedTls.trusting(authority))) {
            HttpRequest request = calls.request("/node/v1/join", PATIENCE)
                    .header("Content-Type", "application/json")
                    .POST(HttpRequest.BodyPublishers.ofByteArray(HttpCalls.JSON.writeValueAsBytes(join)))
                    .build();
            String call = "POST " + request.uri();
            byte[] body =
                    calls.send(request).orElseThrow(() -> new ControlPlaneException(call, 204, "no answer", null));
            return whole(call, HttpCalls.parse(call, body, JoinReply.class));
        }
    }

    /** JSON may leave out what the contract says is there. */
    @SuppressWarnings("NullAway")
    private static JoinReply whole(String call, JoinReply reply) {
        if (reply.certificate() == null || reply.metricsCertificate() == null || reply.scrapeTokenSha256() == null) {
            throw new ControlPlaneException(call, 0, "the answer lacks a part", null);
        }
        if (!SHA256.matcher(reply.scrapeTokenSha256()).matches()) {
            throw new ControlPlaneException(call, 0, "scrapeTokenSha256 is not a digest", null);
        }
        return reply;
    }
}
