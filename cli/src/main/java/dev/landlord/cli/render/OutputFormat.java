package dev.landlord.cli.render;

import dev.landlord.cli.failure.CommandFailure;
import java.util.Locale;

/** How results are shown. JSON and YAML are for programs and hold everything that the server said. */
public enum OutputFormat {
    TABLE,
    JSON,
    YAML;

    public static OutputFormat parse(String text) {
        for (OutputFormat format : values()) {
            if (format.name().toLowerCase(Locale.ROOT).equals(text)) {
                return format;
            }
        }
        throw CommandFailure.usage("output " + text + ": must be one of table, json, yaml");
    }
}
