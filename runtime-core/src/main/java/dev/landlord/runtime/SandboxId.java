package dev.landlord.runtime;

import java.util.regex.Pattern;

/** Names one sandbox on this host; becomes a directory and a control-group name, so the alphabet is narrow. */
public record SandboxId(String value) {
    private static final Pattern RULE = Pattern.compile("[a-z0-9][a-z0-9-]{0,62}");

    public SandboxId {
        if (!RULE.matcher(value).matches()) {
            throw new IllegalArgumentException("SandboxId must match " + RULE.pattern());
        }
    }

    @Override
    public String toString() {
        return value;
    }
}
