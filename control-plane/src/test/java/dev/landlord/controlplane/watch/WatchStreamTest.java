package dev.landlord.controlplane.watch;

import static org.assertj.core.api.Assertions.assertThat;

import dev.landlord.controlplane.RunningControlPlane;
import dev.landlord.controlplane.SharedControlPlane;
import dev.landlord.controlplane.watch.EventSource.Told;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

@Timeout(180)
@ExtendWith(SharedControlPlane.class)
class WatchStreamTest {
    private final RunningControlPlane running;

    WatchStreamTest(RunningControlPlane running) {
        this.running = running;
    }

    private String tenant(String name) throws IOException {
        running.operator("PUT", "/api/v1/plans/stream", "{\"cpuMillis\":1000,\"memoryBytes\":1073741824}");
        return running.operator("PUT", "/api/v1/tenants/" + name, "{\"plan\":\"stream\"}")
                .text("/token");
    }

    private void put(String path, String labels) throws IOException {
        String body = "{\"image\":\"busybox\",\"command\":[\"true\"],\"replicas\":0,\"labels\":" + labels + "}";
        assertThat(running.operator("PUT", path, body).status()).isBetween(200, 201);
    }

    @Test
    void tellsOfAListAsItChanges() throws IOException, InterruptedException {
        String token = tenant("stream-a");
        String list = "/api/v1/tenants/stream-a/workloads";
        put(list + "/old", "{\"app\":\"shop\"}");
        put(list + "/other", "{}");
        try (EventSource source = EventSource.open(running, token, list + "?watch=true&selector=app", null)) {
            assertThat(source.status()).isEqualTo(200);
            assertThat(source.header("Content-Type")).isEqualTo("text/event-stream;charset=UTF-8");
            assertThat(source.header("Cache-Control")).isEqualTo("no-store");
            assertThat(source.next().text()).isEqualTo("reset");
            assertThat(source.next().text()).isEqualTo("put old");
            assertThat(source.next().text()).isEqualTo("synced");
            put(list + "/new", "{\"app\":\"shop\"}");
            Told told = source.next();
            assertThat(told.text()).isEqualTo("put new");
            assertThat(told.data().at("/spec/labels/app").asString()).isEqualTo("shop");
            assertThat(source.next().text()).isEqualTo("synced");
            put(list + "/old", "{}");
            assertThat(source.next().text()).as("it is not selected any more").isEqualTo("gone old");
        }
    }

    @Test
    void tellsOfOneWorkloadUntilItIsGone() throws IOException, InterruptedException {
        String token = tenant("stream-b");
        String shop = "/api/v1/tenants/stream-b/workloads/shop";
        put(shop, "{}");
        try (EventSource source = EventSource.open(running, token, shop + "?watch=true", null)) {
            source.await(told -> told.text().equals("put shop"));
            running.operator("DELETE", shop, null);
            Told end = source.await(told -> told.event().equals("end"));
            assertThat(end.data().get("code").asString()).isEqualTo("not-found");
            assertThat(source.next().event()).isEqualTo("(end)");
        }
    }

    @Test
    void goesOnAfterTheLastEventOfAHistory() throws IOException, InterruptedException {
        String token = tenant("stream-c");
        String events = "/api/v1/tenants/stream-c/events?watch=true&workload=shop";
        String shop = "/api/v1/tenants/stream-c/workloads/shop";
        put(shop, "{}");
        String last;
        try (EventSource source = EventSource.open(running, token, events, null)) {
            Told created = source.await(told -> kind(told).equals("workload-created"));
            last = created.id();
            assertThat(last).isEqualTo(created.data().get("id").asString());
            put(shop, "{\"a\":\"b\"}");
            assertThat(kind(source.await(told -> !told.id().equals(last)))).isEqualTo("workload-changed");
        }
        try (EventSource source = EventSource.open(running, token, events, last)) {
            assertThat(kind(source.next())).isEqualTo("workload-changed");
            running.operator("POST", shop + ":restart", null);
            assertThat(kind(source.await(told -> !kind(told).equals("workload-changed"))))
                    .isEqualTo("workload-restarted");
        }
        try (EventSource source = EventSource.open(running, token, events, "x")) {
            assertThat(source.status()).isEqualTo(422);
        }
    }

    private static String kind(Told told) {
        return told.data().path("kind").asString("");
    }

    @Test
    void aTokenThatIsRevokedSeesNoMore() throws IOException, InterruptedException {
        String token = tenant("stream-d");
        try (EventSource source =
                EventSource.open(running, token, "/api/v1/tenants/stream-d/workloads?watch=true", null)) {
            source.await(told -> told.event().equals("synced"));
            running.operator("POST", "/api/v1/tenants/stream-d:rotate-token", null);
            Told end = source.await(told -> told.event().equals("end"));
            assertThat(end.data().get("code").asString()).isEqualTo("unauthenticated");
        }
    }

    @Test
    void refusesBeforeItBegins() throws IOException, InterruptedException {
        String token = tenant("stream-e");
        for (String path :
                List.of("/api/v1/tenants/stream-f/workloads", "/api/v1/tenants/stream-e/workloads/nothing")) {
            try (EventSource source = EventSource.open(running, token, path + "?watch=true", null)) {
                assertThat(source.status()).as(path).isEqualTo(404);
            }
        }
        try (EventSource source = EventSource.open(running, token, "/api/v1/nodes?watch=true", null)) {
            assertThat(source.status()).isEqualTo(403);
        }
        List<EventSource> open = new ArrayList<>();
        try {
            for (int number = 0; number < Watchers.EACH_MAX; number++) {
                EventSource source =
                        EventSource.open(running, token, "/api/v1/tenants/stream-e/workloads?watch=true", null);
                open.add(source);
                source.await(told -> told.event().equals("synced"));
            }
            try (EventSource more =
                    EventSource.open(running, token, "/api/v1/tenants/stream-e/events?watch=true", null)) {
                assertThat(more.status()).isEqualTo(429);
            }
            assertThat(running.metrics())
                    .containsPattern("landlord_controlplane_rate_limited_total\\{kind=\"waiting-reads\"} [1-9]");
        } finally {
            open.forEach(EventSource::close);
        }
    }

    /** Found out by what is written, and told to nobody: it is no fault. */
    @Test
    void whoIsGoneTakesNoRoom() throws IOException, InterruptedException {
        String token = tenant("stream-g");
        Watchers watchers = running.context().getBean(Watchers.class);
        int before = watchers.waiting();
        try (EventSource source =
                EventSource.open(running, token, "/api/v1/tenants/stream-g/workloads?watch=true", null)) {
            source.await(told -> told.event().equals("synced"));
            assertThat(watchers.waiting()).isGreaterThan(0);
        }
        long until = System.nanoTime() + Duration.ofSeconds(60).toNanos();
        for (int number = 0; watchers.waiting() > before; number++) {
            assertThat(System.nanoTime()).as("%s wait", watchers.waiting()).isLessThan(until);
            put("/api/v1/tenants/stream-g/workloads/shop", "{\"n\":\"" + number + "\"}");
        }
    }

    /** Not cut off: a client that is told the end comes again to another replica at once. */
    @Test
    void endsInOrderWhenTheControlPlaneDoes(@TempDir Path folder) throws IOException, InterruptedException {
        EventSource source;
        try (RunningControlPlane own = RunningControlPlane.start(folder)) {
            source = EventSource.open(own, own.operatorToken(), "/api/v1/tenants?watch=true", null);
            source.await(told -> told.event().equals("synced"));
            own.context().close();
            assertThat(source.next().event()).isEqualTo("(end)");
            source.close();
        }
    }
}
