package dev.landlord.controlplane.token;

import dev.landlord.api.problem.ProblemCode;
import dev.landlord.controlplane.audit.Trail;
import dev.landlord.controlplane.credential.Credentials;
import dev.landlord.controlplane.credential.Holder;
import dev.landlord.controlplane.credential.Identity;
import dev.landlord.controlplane.web.ProblemException;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/** The rules of asking for tokens. Works within the caller's read or write. */
@Component
final class Tokens {
    private final Credentials credentials;
    private final InstantSource clock;

    Tokens(Credentials credentials, InstantSource clock) {
        this.credentials = credentials;
        this.clock = clock;
    }

    List<TokenView> list(JdbcClient reader, Identity identity) {
        return credentials.tokens(reader, identity).stream().map(TokenView::of).toList();
    }

    TokenView create(JdbcClient writer, Identity identity, TokenForm.Wish wish, Holder asking, Trail trail) {
        long now = clock.millis();
        String token = credentials
                .issue(writer, identity, wish.name(), wish.scope(), now, expiresAt(identity, wish, asking, now))
                .orElseThrow(() -> new ProblemException(
                        ProblemCode.QUOTA_EXCEEDED,
                        "there are " + Credentials.TOKENS_MAX + " tokens already; revoke one first"));
        TokenView made = find(writer, identity, Credentials.id(token)).orElseThrow();
        trail.change(null, made);
        return made.withToken(token);
    }

    void revoke(JdbcClient writer, Identity identity, String id, Trail trail) {
        TokenView old = find(writer, identity, id).orElseThrow(() -> ProblemException.notFound("token", id));
        if (!credentials.revoke(writer, identity, id)) {
            throw new ProblemException(
                    ProblemCode.IN_USE, "it is the last token by which an operator can change anything");
        }
        trail.change(old, null);
    }

    /** What expires cannot make itself last. */
    private long expiresAt(Identity identity, TokenForm.Wish wish, Holder asking, long now) {
        long most = asking.identity().equals(identity) ? asking.expiresAt() : Holder.NEVER;
        if (wish.lifetime().isEmpty()) {
            return most;
        }
        long wanted = now + wish.lifetime().get().toMillis();
        if (wanted > most) {
            throw ProblemException.invalidField("/lifetimeSeconds", "must not outlast the token that asks");
        }
        return wanted;
    }

    private Optional<TokenView> find(JdbcClient reader, Identity identity, String id) {
        return list(reader, identity).stream()
                .filter(token -> token.id().equals(id))
                .findFirst();
    }
}
