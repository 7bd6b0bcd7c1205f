package dev.landlord.controlplane.idempotency;

import dev.landlord.api.problem.ProblemCode;
import dev.landlord.controlplane.credential.Credentials;
import dev.landlord.controlplane.credential.IdentityToken;
import dev.landlord.controlplane.store.Database;
import dev.landlord.controlplane.store.StoreUnavailableException;
import dev.landlord.controlplane.web.ProblemException;
import dev.landlord.controlplane.web.RequestNotes;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.http.MediaType;
import org.springframework.web.filter.OncePerRequestFilter;
import org.springframework.web.util.ContentCachingResponseWrapper;

/** Answers a POST whose key is known with the answer that it had, and remembers the answers of others. */
final class IdempotencyFilter extends OncePerRequestFilter {
    static final String HEADER = "Idempotency-Key";

    private static final Logger LOG = LoggerFactory.getLogger(IdempotencyFilter.class);
    private static final Pattern KEY = Pattern.compile("[\\x21-\\x7E]{1,255}");
    private static final int BODY_MAX = 64 << 10;

    /** Tokens are shown once, and stored nowhere. */
    private static final String SECRET = "\"token\":\"";

    private final Database database;
    private final Keys keys;

    IdempotencyFilter(Database database, Keys keys) {
        this.database = database;
        this.keys = keys;
    }

    @Override
    protected boolean shouldNotFilter(HttpServletRequest request) {
        return !request.getMethod().equals("POST") || request.getHeader(HEADER) == null;
    }

    @Override
    protected void doFilterInternal(HttpServletRequest request, HttpServletResponse response, FilterChain chain)
            throws IOException, ServletException {
        IdentityToken caller = RequestNotes.caller(request);
        if (caller == null) {
            chain.doFilter(request, response);
            return;
        }
        byte[] body = request.getInputStream().readAllBytes();
        KeyedRequest keyed = keyed(request, caller, body);
        Optional<Keys.Known> known = database.read(reader -> keys.find(reader, keyed));
        if (known.isPresent()) {
            replay(known.get(), keyed, response);
            return;
        }
        request.setAttribute(KeyedRequest.class.getName(), keyed);
        ContentCachingResponseWrapper held = new ContentCachingResponseWrapper(response);
        boolean done = false;
        try {
            chain.doFilter(new HeldRequest(request, body), held);
            done = held.getStatus() / 100 == 2;
        } finally {
            remember(keyed, done, held);
        }
        held.copyBodyToResponse();
    }

    private static KeyedRequest keyed(HttpServletRequest request, IdentityToken caller, byte[] body) {
        String key = request.getHeader(HEADER);
        if (!KEY.matcher(key).matches()) {
            throw ProblemException.invalidField(HEADER, "must be 1 to 255 visible ASCII characters");
        }
        String asked = request.getMethod() + " " + request.getRequestURI() + "?" + request.getQueryString() + "\n"
                + new String(body, StandardCharsets.ISO_8859_1);
        return new KeyedRequest(caller.tokenId(), Credentials.sha256(key), Credentials.sha256(asked));
    }

    private static void replay(Keys.Known known, KeyedRequest keyed, HttpServletResponse response) throws IOException {
        if (!known.requestSha256().equals(keyed.requestSha256())) {
            throw ProblemException.invalidField(HEADER, "was given with another request before");
        }
        String body = known.body();
        if (body == null) {
            throw new ProblemException(
                    ProblemCode.CONFLICT,
                    known.status() == 0
                            ? "a request with this Idempotency-Key was begun, and its answer is not known"
                            : "this was done already, and its answer is not kept because it had a secret or was long");
        }
        response.setStatus(known.status());
        response.setHeader(RequestNotes.REPLAYED, "true");
        response.setContentType(MediaType.APPLICATION_JSON_VALUE);
        response.getOutputStream().write(body.getBytes(StandardCharsets.UTF_8));
    }

    private void remember(KeyedRequest keyed, boolean done, ContentCachingResponseWrapper held) {
        if (!done && !keyed.isStored()) {
            return;
        }
        try {
            database.writeQuietly(writer -> {
                if (done) {
                    keys.end(writer, keyed, held.getStatus(), kept(held));
                } else {
                    keys.forget(writer, keyed);
                }
                return true;
            });
        } catch (StoreUnavailableException failure) {
            LOG.warn("The answer to a request with an {} is not kept: {}", HEADER, failure.getMessage());
        }
    }

    private static @Nullable String kept(ContentCachingResponseWrapper held) {
        String body = new String(held.getContentAsByteArray(), StandardCharsets.UTF_8);
        return body.length() > BODY_MAX || body.contains(SECRET) ? null : body;
    }
}
