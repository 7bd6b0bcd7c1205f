package dev.landlord.agent.drift;

import dev.landlord.runtime.LimitReading;
import org.jspecify.annotations.Nullable;

/**
 * A value that was not what it should be.
 *
 * @param failure why it could not be written again; null once it was, or before it was tried
 */
public record Drift(
        Watched group, LimitReading reading, @Nullable String failure) {
    Drift withFailure(@Nullable String reason) {
        return new Drift(group, reading, reason);
    }
}
