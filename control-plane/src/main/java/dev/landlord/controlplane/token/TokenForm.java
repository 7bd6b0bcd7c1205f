package dev.landlord.controlplane.token;

import dev.landlord.controlplane.credential.Scope;
import dev.landlord.controlplane.web.ProblemException;
import dev.landlord.controlplane.web.StrictJson;
import dev.landlord.controlplane.web.Wire;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** A token as people ask for it. Only what it is for must be said. */
record TokenForm(
        @Nullable String name,
        @Nullable String scope,
        @Nullable Long lifetimeSeconds) {
    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9][A-Za-z0-9 ._-]{0,62}");
    private static final long LIFETIME_MIN_SECONDS = 60;
    private static final long LIFETIME_MAX_SECONDS = Duration.ofDays(3650).toSeconds();

    /** @param lifetime absent: it does not expire */
    record Wish(String name, Scope scope, Optional<Duration> lifetime) {}

    static Wish read(byte @Nullable [] body) {
        return StrictJson.read(body, TokenForm.class, Set.of()).wish();
    }

    private Wish wish() {
        if (name == null) {
            throw ProblemException.invalidField("/name", "is required");
        }
        if (!NAME.matcher(name).matches()) {
            throw ProblemException.invalidField("/name", "must match " + NAME.pattern());
        }
        Scope parsed = scope == null
                ? Scope.READ_WRITE
                : Wire.parse(Scope.class, scope)
                        .orElseThrow(() ->
                                ProblemException.invalidField("/scope", "must be one of " + Wire.all(Scope.class)));
        return new Wish(name, parsed, lifetime());
    }

    private Optional<Duration> lifetime() {
        if (lifetimeSeconds == null) {
            return Optional.empty();
        }
        if (lifetimeSeconds < LIFETIME_MIN_SECONDS || lifetimeSeconds > LIFETIME_MAX_SECONDS) {
            throw ProblemException.invalidField(
                    "/lifetimeSeconds",
                    "must be between " + LIFETIME_MIN_SECONDS + " and " + LIFETIME_MAX_SECONDS + ", was "
                            + lifetimeSeconds);
        }
        return Optional.of(Duration.ofSeconds(lifetimeSeconds));
    }
}
