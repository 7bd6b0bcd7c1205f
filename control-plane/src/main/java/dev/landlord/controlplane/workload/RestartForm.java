package dev.landlord.controlplane.workload;

import dev.landlord.api.workload.InvalidField;
import dev.landlord.api.workload.RestartPolicy;
import dev.landlord.controlplane.web.Wire;
import org.jspecify.annotations.Nullable;

/** The restart policy as people write it. */
record RestartForm(
        @Nullable String mode,
        @Nullable Long initialBackoffMillis,
        @Nullable Long maxBackoffMillis) {
    static final RestartForm NONE = new RestartForm(null, null, null);

    static RestartForm of(RestartPolicy policy) {
        return new RestartForm(Wire.of(policy.mode()), policy.initialBackoffMillis(), policy.maxBackoffMillis());
    }

    RestartPolicy policy() {
        RestartPolicy otherwise = RestartPolicy.DEFAULT;
        long initial = initialBackoffMillis == null ? otherwise.initialBackoffMillis() : initialBackoffMillis;
        long max = maxBackoffMillis == null ? Math.max(initial, otherwise.maxBackoffMillis()) : maxBackoffMillis;
        return new RestartPolicy(mode == null ? otherwise.mode() : parse(mode), initial, max);
    }

    private static RestartPolicy.Mode parse(String mode) {
        return Wire.parse(RestartPolicy.Mode.class, mode)
                .orElseThrow(
                        () -> new InvalidField("restart.mode", "must be one of " + Wire.all(RestartPolicy.Mode.class)));
    }
}
