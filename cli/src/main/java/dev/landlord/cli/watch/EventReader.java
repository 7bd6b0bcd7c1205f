package dev.landlord.cli.watch;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.json.JsonMapper;

/** Takes a stream apart (WHATWG HTML, "Server-sent events"; data of one line, as the server sends it). */
final class EventReader {
    private final BufferedReader lines;

    EventReader(InputStream in) {
        lines = new BufferedReader(new InputStreamReader(in, StandardCharsets.UTF_8));
    }

    /** Waits for the next event; null when the stream is at its end. */
    @Nullable
    Told next() throws IOException {
        String event = "";
        String id = "";
        String data = "";
        for (String line = lines.readLine(); line != null; line = lines.readLine()) {
            int colon = line.indexOf(": ");
            String value = colon < 0 ? "" : line.substring(colon + 2);
            switch (colon < 0 ? line : line.substring(0, colon)) {
                case "event" -> event = value;
                case "id" -> id = value;
                case "data" -> data = value;
                case "" -> {
                    if (!data.isEmpty()) {
                        return told(event, id, data);
                    }
                }
                default -> {
                    // A comment, which only says that the server is there, or a field for browsers.
                }
            }
        }
        return null;
    }

    private static Told told(String event, String id, String data) throws IOException {
        try {
            return new Told(event, id, JsonMapper.shared().readTree(data));
        } catch (JacksonException noJson) {
            throw new IOException("an event is not in JSON", noJson);
        }
    }
}
