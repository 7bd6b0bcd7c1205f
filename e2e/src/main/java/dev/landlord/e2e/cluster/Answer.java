package dev.landlord.e2e.cluster;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.MissingNode;

/** What a server said. */
public record Answer(int status, String body) {
    private static final JsonMapper JSON = new JsonMapper();

    /** The missing node when the body is no JSON. */
    public JsonNode json() {
        boolean looksLikeJson = body.startsWith("{") || body.startsWith("[");
        return looksLikeJson ? JSON.readTree(body) : MissingNode.getInstance();
    }

    /** This answer if its status is 2xx, else an {@link IllegalStateException} with all of it. */
    public Answer must(String what) {
        if (status / 100 != 2) {
            throw new IllegalStateException(what + ": " + status + " " + body);
        }
        return this;
    }

    /** Status, problem code and the fields at fault, for a report. */
    public String problem() {
        JsonNode problem = json();
        StringBuilder text = new StringBuilder().append(status);
        if (problem.has("code")) {
            text.append(' ').append(problem.path("code").asString());
        }
        problem.path("errors")
                .forEach(error -> text.append(' ').append(error.path("pointer").asString()));
        return text.toString();
    }
}
