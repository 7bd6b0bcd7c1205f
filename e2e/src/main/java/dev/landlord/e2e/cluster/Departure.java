package dev.landlord.e2e.cluster;

import java.time.Duration;

/** How a tenant leaves. */
public final class Departure {
    private Departure() {}

    /** Deletes its workloads, and then the tenant as soon as nothing of them is left, or gives up after so long. */
    public static void of(RestClient operator, String tenant, Duration patience) {
        String path = "/api/v1/tenants/" + tenant;
        operator.get(path + "/workloads")
                .json()
                .path("items")
                .forEach(workload -> operator.delete(
                        path + "/workloads/" + workload.path("name").asString()));
        try {
            Eventually.observe(
                    patience, () -> operator.delete(path).status(), status -> status / 100 == 2 || status == 404);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
