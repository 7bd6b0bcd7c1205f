package dev.landlord.controlplane.credential;

import dev.landlord.controlplane.store.Database;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.InstantSource;
import java.util.Base64;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;

/**
 * Issues, checks and revokes bearer tokens. Thread-safe. Methods that take a {@link JdbcClient} are for use inside {@link
 * Database#write} or {@link Database#read}.
 */
public final class Credentials {
    private static final String PREFIX = "ll_";
    private static final Pattern TOKEN = Pattern.compile(PREFIX + "[A-Za-z0-9_-]{43}");
    private static final int SECRET_BYTES = 32;
    private static final int ID_LENGTH = 16;

    /** Of one identity. */
    public static final int TOKENS_MAX = 100;

    private final Database database;
    private final InstantSource clock;
    private final SecureRandom random = new SecureRandom();
    private final IdentityCache cache = new IdentityCache();

    public Credentials(Database database, InstantSource clock) {
        this.database = database;
        this.clock = clock;
        database.onCommit(revision -> cache.dropIfRevoked());
        // Another replica does not say what it changed.
        database.onCommitOfOthers(revision -> cache.drop());
    }

    /** Returns a new token of the identity, to be shown once: for everything, for ever, until {@link #revoke}. */
    public String issue(JdbcClient writer, Identity identity) {
        String token = newSecret(PREFIX);
        writer.sql("INSERT INTO credential (token_sha256, kind, subject, created_at) VALUES (?, ?, ?, ?)")
                .params(sha256(token), identity.kind(), identity.subject(), clock.millis())
                .update();
        return token;
    }

    /**
     * Returns a new token that is less, to be shown once; empty if the identity has {@link #TOKENS_MAX} already. Those that
     * expired make room.
     *
     * @param now epoch milliseconds: when it is made
     * @param expiresAt epoch milliseconds, or {@link Holder#NEVER}
     */
    public Optional<String> issue(
            JdbcClient writer, Identity identity, String name, Scope scope, long now, long expiresAt) {
        String token = newSecret(PREFIX);
        Map<String, @Nullable Object> values = new HashMap<>();
        values.put("digest", sha256(token));
        values.put("kind", identity.kind());
        values.put("subject", identity.subject());
        values.put("now", now);
        values.put("name", name);
        values.put("scope", scope.name());
        values.put("expiresAt", expiresAt == Holder.NEVER ? null : expiresAt);
        writer.sql("DELETE FROM credential WHERE kind = :kind AND subject = :subject AND expires_at <= :now")
                .params(values)
                .update();
        int made = writer.sql(
                        "INSERT INTO credential (token_sha256, kind, subject, created_at, name, scope, expires_at)"
                                + " SELECT :digest, :kind, :subject, :now, :name, :scope, CAST(:expiresAt AS BIGINT) WHERE"
                                + " (SELECT count(*) FROM credential WHERE kind = :kind AND subject = :subject) < "
                                + TOKENS_MAX)
                .params(values)
                .update();
        return made == 1 ? Optional.of(token) : Optional.empty();
    }

    /** All tokens of the identity, oldest first. */
    public List<TokenRecord> tokens(JdbcClient reader, Identity identity) {
        return reader.sql("SELECT token_sha256, name, scope, created_at, expires_at FROM credential"
                        + " WHERE kind = ? AND subject = ? ORDER BY created_at, token_sha256")
                .params(identity.kind(), identity.subject())
                .query((row, number) -> new TokenRecord(
                        row.getString(1).substring(0, ID_LENGTH),
                        row.getString(2),
                        Scope.valueOf(row.getString(3)),
                        row.getLong(4),
                        expiry(row, 5)))
                .list();
    }

    /**
     * Makes one token worthless from the commit on. Returns false if the identity has no such token, or it is the last one by
     * which an operator can change anything, now and later.
     */
    public boolean revoke(JdbcClient writer, Identity identity, String tokenId) {
        cache.revoking();
        String others = "SELECT 1 FROM credential o WHERE o.kind = 'operator' AND o.scope = 'READ_WRITE'"
                + " AND o.expires_at IS NULL AND o.token_sha256 <> credential.token_sha256";
        return writer.sql("DELETE FROM credential WHERE kind = ? AND subject = ?"
                                + " AND substr(token_sha256, 1, " + ID_LENGTH + ") = ?"
                                + " AND (kind <> 'operator' OR EXISTS (" + others + "))")
                        .params(identity.kind(), identity.subject(), tokenId)
                        .update()
                == 1;
    }

    /** Makes all tokens of the identity worthless from the commit on. */
    public void revoke(JdbcClient writer, Identity identity) {
        cache.revoking();
        writer.sql("DELETE FROM credential WHERE kind = ? AND subject = ?")
                .params(identity.kind(), identity.subject())
                .update();
    }

    /** Whose token this is, if anybody's and not expired. Not for use inside a task of the database. */
    public Optional<Holder> authenticate(String token) {
        if (!TOKEN.matcher(token).matches()) {
            return Optional.empty();
        }
        return cache.get(sha256(token), this::mayBeRemembered, digest -> database.read(reader -> find(reader, digest)))
                .filter(holder -> clock.millis() < holder.expiresAt());
    }

    /** Whether the token of a holder is still good: neither revoked nor expired. */
    public boolean isGood(JdbcClient reader, Holder holder) {
        return clock.millis() < holder.expiresAt()
                && tokens(reader, holder.identity()).stream()
                        .anyMatch(token -> token.id().equals(holder.tokenId()));
    }

    /** Whether this token was good of late, as far as this replica knows. */
    public boolean wasGood(String token) {
        return TOKEN.matcher(token).matches() && cache.knows(sha256(token));
    }

    /**
     * Of a revocation by another replica this one hears a moment late: too late for people's tokens. Those of nodes, which come
     * a thousand times a second, end with the node.
     */
    private boolean mayBeRemembered(Holder holder) {
        return !database.isShared() || holder.identity() instanceof Identity.Node;
    }

    /** Digest of the newest token of the identity, lower-case hex. */
    public Optional<String> digest(JdbcClient reader, Identity identity) {
        return reader.sql("SELECT token_sha256 FROM credential WHERE kind = ? AND subject = ?"
                        + " ORDER BY created_at DESC, token_sha256 LIMIT 1")
                .params(identity.kind(), identity.subject())
                .query(String.class)
                .optional();
    }

    /** The prefix and 256 random bits in base64url. */
    public String newSecret(String prefix) {
        byte[] secret = new byte[SECRET_BYTES];
        random.nextBytes(secret);
        return prefix + Base64.getUrlEncoder().withoutPadding().encodeToString(secret);
    }

    /** Lower-case hex. No salt and no slow hash: the input has 256 random bits. */
    public static String sha256(String secret) {
        try {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            return HexFormat.of().formatHex(digest.digest(secret.getBytes(StandardCharsets.UTF_8)));
        } catch (NoSuchAlgorithmException missing) {
            throw new IllegalStateException("every JDK has SHA-256", missing);
        }
    }

    /** What a token is called where it must not be shown: enough of its digest that no two have the same. */
    public static String id(String token) {
        return sha256(token).substring(0, ID_LENGTH);
    }

    private static Optional<Holder> find(JdbcClient reader, String digest) {
        return reader.sql("SELECT kind, subject, scope, expires_at FROM credential WHERE token_sha256 = ?")
                .param(digest)
                .query((row, number) -> new Holder(
                        Identity.of(row.getString(1), row.getString(2)),
                        digest.substring(0, ID_LENGTH),
                        Scope.valueOf(row.getString(3)),
                        expiry(row, 4)))
                .optional();
    }

    private static long expiry(ResultSet row, int column) throws SQLException {
        long at = row.getLong(column);
        return row.wasNull() ? Holder.NEVER : at;
    }
}
