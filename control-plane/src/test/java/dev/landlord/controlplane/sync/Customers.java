package dev.landlord.controlplane.sync;

import static org.assertj.core.api.Assertions.assertThat;

import dev.landlord.controlplane.Answer;
import dev.landlord.controlplane.RunningControlPlane;
import java.io.IOException;
import java.time.Duration;
import java.util.function.Predicate;

/** What operators and tenants do over REST, in one line each. */
public final class Customers {
    private static final String PLAN =
            "{\"cpuMillis\":4000,\"memoryBytes\":4294967296,\"pids\":4096,\"diskBytes\":1073741824,\"inodes\":1000000}";
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private final RunningControlPlane controlPlane;

    public Customers(RunningControlPlane controlPlane) {
        this.controlPlane = controlPlane;
    }

    /** Returns the tenant's token. */
    public String tenant(String name) throws IOException {
        assertThat(controlPlane.operator("PUT", "/api/v1/plans/p-" + name, PLAN).status())
                .isEqualTo(201);
        return controlPlane
                .operator("PUT", "/api/v1/tenants/" + name, "{\"plan\":\"p-" + name + "\"}")
                .text("/token");
    }

    /** Puts a workload of the given image and command; 64 MiB and 0.1 core per replica. */
    public Answer put(String workload, String image, String command, int replicas) throws IOException {
        return put(workload, image, command, replicas, 64L << 20);
    }

    Answer put(String workload, String image, String command, int replicas, long memoryBytes) throws IOException {
        String body = ("{\"image\":\"%s\",\"command\":[\"%s\"],\"replicas\":%d,\"resources\":"
                        + "{\"cpuMillis\":100,\"memoryBytes\":%d,\"pids\":10}}")
                .formatted(image, command, replicas, memoryBytes);
        Answer answer = controlPlane.operator("PUT", path(workload), body);
        assertThat(answer.status()).as(answer.body()).isBetween(200, 201);
        return answer;
    }

    Answer get(String workload) throws IOException {
        return controlPlane.operator("GET", path(workload), null);
    }

    /** {@code alice/shop} becomes its path. */
    static String path(String workload) {
        String[] parts = workload.split("/", -1);
        return "/api/v1/tenants/" + parts[0] + "/workloads/" + parts[1];
    }

    /** Asks again until the answer has the property; fails with the last answer. */
    Answer awaitStatus(String workload, Predicate<Answer> property) throws IOException {
        long until = System.nanoTime() + PATIENCE.toNanos();
        Answer answer = get(workload);
        while (!property.test(answer)) {
            if (System.nanoTime() > until) {
                throw new AssertionError("never came about: " + answer);
            }
            Thread.onSpinWait();
            answer = get(workload);
        }
        return answer;
    }
}
