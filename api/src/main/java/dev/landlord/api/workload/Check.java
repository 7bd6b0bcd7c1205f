package dev.landlord.api.workload;

import java.util.Collection;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The rules that several records of this room share; each failure names the field and the rule. */
final class Check {
    private Check() {}

    static void range(String field, long value, long min, long max) {
        if (value < min || value > max) {
            throw new InvalidField(field, "must be between " + min + " and " + max + ", was " + value);
        }
    }

    /** {@code value} and {@code most} are null for no limit. */
    static void between(List<String> path, long least, @Nullable Long value, @Nullable Long most) {
        if (value != null && value < least) {
            throw new InvalidField(path, "must be at least " + least + ", was " + value);
        }
        if (most != null && (value == null || value > most)) {
            throw new InvalidField(path, "must be at most " + most + ", was " + (value == null ? "none" : value));
        }
    }

    static void size(String field, Collection<?> values, int max) {
        if (values.size() > max) {
            throw new InvalidField(field, "may have at most " + max + " entries, had " + values.size());
        }
    }

    /** A string that will be handed to the kernel: no NUL, bounded. */
    static void kernelString(String field, String value, int maxLength) {
        if (value.length() > maxLength) {
            throw new InvalidField(field, "may have at most " + maxLength + " characters");
        }
        if (value.indexOf('\0') >= 0) {
            throw new InvalidField(field, "must not contain a NUL character");
        }
    }
}
