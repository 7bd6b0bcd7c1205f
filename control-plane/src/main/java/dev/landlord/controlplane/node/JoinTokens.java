package dev.landlord.controlplane.node;

import dev.landlord.api.id.NodeName;
import dev.landlord.controlplane.credential.Credentials;
import dev.landlord.controlplane.tls.CertificateAuthority;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Optional;
import java.util.regex.Pattern;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/**
 * Tokens that let one agent join under one name, once. A token carries the digest of the authority's certificate, so that
 * an agent can tell the real control plane from another.
 */
@Component
public final class JoinTokens {
    static final Duration VALID = Duration.ofHours(24);

    private static final String PREFIX = "llj_";
    private static final Pattern FORM = Pattern.compile(PREFIX + "[A-Za-z0-9_-]{43}\\.[0-9a-f]{64}");

    private final Credentials credentials;
    private final CertificateAuthority authority;
    private final InstantSource clock;

    JoinTokens(Credentials credentials, CertificateAuthority authority, InstantSource clock) {
        this.credentials = credentials;
        this.authority = authority;
        this.clock = clock;
    }

    /** Issues a token; an earlier one of the same node is worthless from then on, and so is every expired one. */
    public String issue(JdbcClient writer, NodeName node) {
        String token = credentials.newSecret(PREFIX) + "." + authority.sha256();
        long now = clock.millis();
        writer.sql("DELETE FROM join_token WHERE node = ? OR expires_at <= ?")
                .params(node.value(), now)
                .update();
        writer.sql("INSERT INTO join_token (token_sha256, node, expires_at) VALUES (?, ?, ?)")
                .params(Credentials.sha256(token), node.value(), now + VALID.toMillis())
                .update();
        return token;
    }

    /** Makes the node's token worthless. */
    public void revoke(JdbcClient writer, NodeName node) {
        writer.sql("DELETE FROM join_token WHERE node = ?").param(node.value()).update();
    }

    /** When the node's token ends that nobody has used yet, epoch milliseconds. */
    Optional<Long> expiresAt(JdbcClient reader, NodeName node) {
        return reader.sql("SELECT expires_at FROM join_token WHERE node = ?")
                .param(node.value())
                .query(Long.class)
                .optional();
    }

    /** Whether {@link #redeem} would succeed now. */
    public boolean isValid(JdbcClient reader, NodeName node, String token) {
        return FORM.matcher(token).matches()
                && reader.sql("SELECT COUNT(*) FROM join_token WHERE token_sha256 = ? AND node = ? AND expires_at > ?")
                                .params(Credentials.sha256(token), node.value(), clock.millis())
                                .query(Long.class)
                                .single()
                        == 1;
    }

    /** Uses the token up. Returns false if it is not a token of this node, is expired, or was used before. */
    public boolean redeem(JdbcClient writer, NodeName node, String token) {
        return FORM.matcher(token).matches()
                && writer.sql("DELETE FROM join_token WHERE token_sha256 = ? AND node = ? AND expires_at > ?")
                                .params(Credentials.sha256(token), node.value(), clock.millis())
                                .update()
                        == 1;
    }
}
