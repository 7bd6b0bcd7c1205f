package dev.landlord.runtime;

import java.util.regex.Pattern;

/** Names who a sandbox belongs to; all sandboxes of one owner share one control-group slice. */
public record OwnerId(String value) {
    private static final Pattern RULE = Pattern.compile("[a-z0-9][a-z0-9-]{0,62}");

    public OwnerId {
        if (!RULE.matcher(value).matches()) {
            throw new IllegalArgumentException("OwnerId must match " + RULE.pattern());
        }
    }

    @Override
    public String toString() {
        return value;
    }
}
