package dev.landlord.controlplane.credential;

import dev.landlord.controlplane.store.Database;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.time.InstantSource;
import java.util.Base64;
import java.util.HexFormat;
import java.util.Optional;
import java.util.regex.Pattern;
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

    /** Returns a new token of the identity, to be shown once. Older ones stay valid until {@link #revoke}. */
    public String issue(JdbcClient writer, Identity identity) {
        String token = newSecret(PREFIX);
        writer.sql("INSERT INTO credential (token_sha256, kind, subject, created_at) VALUES (?, ?, ?, ?)")
                .params(sha256(token), identity.kind(), identity.subject(), clock.millis())
                .update();
        return token;
    }

    /** Makes all tokens of the identity worthless from the commit on. */
    public void revoke(JdbcClient writer, Identity identity) {
        cache.revoking();
        writer.sql("DELETE FROM credential WHERE kind = ? AND subject = ?")
                .params(identity.kind(), identity.subject())
                .update();
    }

    /** Whose token this is, if anybody's. Not for use inside a task of the database. */
    public Optional<Identity> authenticate(String token) {
        if (!TOKEN.matcher(token).matches()) {
            return Optional.empty();
        }
        return cache.get(sha256(token), digest -> database.read(reader -> find(reader, digest)));
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

    private static Optional<Identity> find(JdbcClient reader, String digest) {
        return reader.sql("SELECT kind, subject FROM credential WHERE token_sha256 = ?")
                .param(digest)
                .query((row, number) -> Identity.of(row.getString(1), row.getString(2)))
                .optional();
    }
}
