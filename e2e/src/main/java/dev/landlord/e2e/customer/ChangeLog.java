package dev.landlord.e2e.customer;

import dev.landlord.e2e.cluster.RestClient;
import dev.landlord.e2e.history.Entry;
import dev.landlord.e2e.history.State;
import java.util.ArrayList;
import java.util.List;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The product's own log of changes. */
public final class ChangeLog {
    private static final JsonMapper JSON = new JsonMapper();
    private static final int PAGE = 1000;

    private ChangeLog() {}

    /** Changes of a tenant's workloads that were made, oldest first. */
    public static List<Entry> of(RestClient operator, String tenant) {
        List<Entry> found = new ArrayList<>();
        long after = 0;
        List<JsonNode> page = page(operator, tenant, after);
        while (!page.isEmpty()) {
            for (JsonNode line : page) {
                if (line.path("outcome").asString().equals("accepted")
                        && line.path("resource").asString().contains("/workloads/")) {
                    found.add(entry(line));
                }
            }
            after = page.getLast().path("id").asLong();
            page = page(operator, tenant, after);
        }
        return found;
    }

    private static List<JsonNode> page(RestClient operator, String tenant, long after) {
        String path = "/api/v1/audit?tenant=" + tenant + "&after=" + after + "&limit=" + PAGE;
        return operator.get(path)
                .must("read the log of changes")
                .body()
                .lines()
                .map(JSON::readTree)
                .toList();
    }

    private static Entry entry(JsonNode line) {
        State after = Customer.state(line.path("after"));
        String resource = line.path("resource").asString().replaceAll(":[a-z]+$", "");
        return new Entry(line.path("id").asLong(), line.path("requestId").asString(), resource, after);
    }
}
