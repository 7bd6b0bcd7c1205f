package dev.landlord.cli.watch;

import tools.jackson.databind.JsonNode;

/**
 * An event of a stream.
 *
 * @param id empty if it has none
 */
record Told(String event, String id, JsonNode data) {}
