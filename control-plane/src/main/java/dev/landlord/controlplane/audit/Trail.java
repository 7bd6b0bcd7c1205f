package dev.landlord.controlplane.audit;

import dev.landlord.api.id.TenantName;
import dev.landlord.controlplane.audit.AuditEntry.Actor;
import dev.landlord.controlplane.credential.Identity;
import dev.landlord.controlplane.credential.IdentityToken;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.json.JsonMapper;

/**
 * What one request leaves behind. Controllers may take it as a parameter, to tell what was before and what is after; the
 * rest is known without them. Used by the request's thread, and by the writer's while that one waits.
 */
public final class Trail {
    /** In characters of JSON; of what is longer, only the length is told. */
    static final int STATE_MAX = 8192;

    private final JsonMapper mapper;
    private final String requestId;
    private final String method;
    private final String path;
    private volatile @Nullable String before;
    private volatile @Nullable String after;
    private volatile boolean recorded;
    private volatile boolean refused;

    Trail(JsonMapper mapper, String requestId, String method, String path) {
        this.mapper = mapper;
        this.requestId = requestId;
        this.method = method;
        this.path = path;
    }

    /**
     * Tells what is changed, within the write; both are written as JSON, and must hold no secret.
     *
     * @param was null if there was nothing
     * @param is null if nothing is left
     */
    public void change(@Nullable Object was, @Nullable Object is) {
        before = json(was);
        after = json(is);
    }

    /** Whether it is done each time that it is asked for, be there something to change or not. */
    boolean isCommand() {
        return method.equals("POST") && !path.endsWith(":preview");
    }

    boolean isRecorded() {
        return recorded;
    }

    boolean isRefused() {
        return refused;
    }

    AuditEntry accepted(IdentityToken caller) {
        recorded = true;
        return entry(caller, AuditEntry.ACCEPTED, null, before, after);
    }

    /** What a refused request would have changed is not told: it was not. */
    AuditEntry refused(IdentityToken caller, String code, String detail) {
        refused = true;
        return entry(caller, code, detail, null, null);
    }

    private AuditEntry entry(
            IdentityToken caller, String outcome, @Nullable String detail, @Nullable String was, @Nullable String is) {
        Identity identity = caller.identity();
        Actor actor =
                new Actor(identity.kind(), identity.subject().isEmpty() ? null : identity.subject(), caller.tokenId());
        return new AuditEntry(0, 0, tenant(identity), actor, requestId, method, path, outcome, detail, was, is);
    }

    /** What a tenant does is its own, also where it reaches for others; what the operator does below a tenant's name too. */
    private @Nullable String tenant(Identity identity) {
        return identity instanceof Identity.Tenant own
                ? own.name().value()
                : below(path).map(TenantName::value).orElse(null);
    }

    /** The tenant below whose name the path is; changes of the tenant itself are the operator's own. */
    static Optional<TenantName> below(String path) {
        String[] segments = path.split("/", 7);
        if (segments.length < 6 || !segments[3].equals("tenants")) {
            return Optional.empty();
        }
        try {
            return Optional.of(new TenantName(segments[4]));
        } catch (IllegalArgumentException noName) {
            return Optional.empty();
        }
    }

    private @Nullable String json(@Nullable Object state) {
        if (state == null) {
            return null;
        }
        String json = mapper.writeValueAsString(state);
        return json.length() <= STATE_MAX ? json : "{\"length\":" + json.length() + "}";
    }
}
