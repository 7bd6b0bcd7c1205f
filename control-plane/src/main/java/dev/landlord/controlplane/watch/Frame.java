package dev.landlord.controlplane.watch;

import org.jspecify.annotations.Nullable;

/**
 * A server-sent event (WHATWG HTML, "Server-sent events").
 *
 * @param id what a client sends as {@code Last-Event-ID} when it comes again; null if there is nothing to go on from
 * @param event its name
 * @param data JSON, which has no line end in it
 */
public record Frame(@Nullable String id, String event, String data) {
    /** As it is sent. */
    String text() {
        return "event: " + event + "\n" + (id == null ? "" : "id: " + id + "\n") + "data: " + data + "\n\n";
    }
}
