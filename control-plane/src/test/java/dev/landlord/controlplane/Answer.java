package dev.landlord.controlplane;

import java.net.http.HttpHeaders;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** What came back. */
public record Answer(int status, String body, HttpHeaders headers) {
    private static final JsonMapper JSON = JsonMapper.builder().build();

    public JsonNode json() {
        return JSON.readTree(body);
    }

    public String text(String pointer) {
        return json().at(pointer).asString();
    }

    public String header(String name) {
        return headers.firstValue(name).orElse("");
    }

    /** Status, code and the first pointer: what a program looks at. */
    public String problem() {
        return status + " " + text("/code") + " "
                + json().at("/errors/0/pointer").asString("-");
    }
}
