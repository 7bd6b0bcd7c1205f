package dev.landlord.cli.client;

import tools.jackson.databind.JsonNode;

/**
 * A successful answer.
 *
 * @param body missing node when there is none
 */
public record Reply(int status, JsonNode body) {
    public boolean created() {
        return status == 201;
    }
}
