package dev.landlord.cli.manifest;

import dev.landlord.api.id.TenantName;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ObjectNode;

/**
 * One document.
 *
 * @param document 1-based place in the input
 * @param name valid for its kind
 * @param tenant only of a workload; null when the document leaves it out
 * @param spec what goes to the server as it is
 */
public record Manifest(
        int document, Kind kind, String name, @Nullable TenantName tenant, ObjectNode spec) {
    /** For messages, for example {@code document 2 (Workload web)}. */
    public String label() {
        return "document " + document + " (" + kind.word() + " " + name + ")";
    }
}
