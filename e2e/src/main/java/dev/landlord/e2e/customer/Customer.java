package dev.landlord.e2e.customer;

import dev.landlord.e2e.history.Event;
import dev.landlord.e2e.history.Event.Change;
import dev.landlord.e2e.history.Event.Outcome;
import dev.landlord.e2e.history.Event.Reading;
import dev.landlord.e2e.history.State;
import java.net.http.HttpResponse;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * A tenant who makes, changes, restarts and deletes workloads, looks before and after, and writes down what was said. The first
 * workload really runs; the others have no replicas, so that they can change as fast as the store takes it. Its own thread.
 */
public final class Customer implements Runnable {
    static final int WORKLOADS = 4;
    private static final int FIRST_MARK = 16;
    private static final long LEAST_PAUSE_NANOS = 30_000_000L;
    private static final long MOST_PAUSE_NANOS = 120_000_000L;
    private static final JsonMapper JSON = new JsonMapper();

    private final String name;
    private final int number;
    private final boolean careful;
    private final Courier courier;
    private final Pulse pulse;
    private final SplittableRandom random;
    private final List<Event> events = new ArrayList<>();
    private final Map<String, Integer> marks = new HashMap<>();
    private long index;
    private int requests;
    private volatile boolean over;

    /**
     * A customer who has not begun.
     *
     * @param number tells the customers of a run apart, 0 to 99
     * @param careful changes only what it has seen, by the tag of the resource
     */
    public Customer(String name, int number, boolean careful, Courier courier, Pulse pulse, SplittableRandom random) {
        this.name = name;
        this.number = number;
        this.careful = careful;
        this.courier = courier;
        this.pulse = pulse;
        this.random = random;
    }

    /** What was looked at. */
    private record Seen(State state, @Nullable String tag) {}

    public String name() {
        return name;
    }

    public List<String> resources() {
        return IntStream.range(0, WORKLOADS).mapToObj(this::path).toList();
    }

    private String path(int workload) {
        return "/api/v1/tenants/" + name + "/workloads/w" + workload;
    }

    /** The only argument of the program of a workload's replicas: nothing else on the host has it. */
    String argument(int workload) {
        return Integer.toString(9_000_000 + 100 * number + workload);
    }

    @Override
    public void run() {
        try {
            while (!over) {
                step(random.nextInt(10) == 0 ? 0 : 1 + random.nextInt(WORKLOADS - 1));
                LockSupport.parkNanos(random.nextLong(LEAST_PAUSE_NANOS, MOST_PAUSE_NANOS));
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** After what it is about now. */
    public void end() {
        over = true;
    }

    /** Once it has ended. */
    public List<Event> events() {
        return events;
    }

    public Courier courier() {
        return courier;
    }

    private void step(int workload) throws InterruptedException {
        if (random.nextInt(8) == 0) {
            courier.change();
        }
        Seen seen = read(path(workload));
        if (seen == null) {
            return;
        }
        int dice = random.nextInt(100);
        if (seen.state.equals(State.ABSENT) || dice < 65) {
            put(workload, seen);
        } else if (dice < 80) {
            change("DELETE", path(workload), null, null, condition(seen));
        } else {
            change("POST", path(workload) + ":restart", null, null, null);
        }
        read(path(workload));
    }

    private void put(int workload, Seen seen) throws InterruptedException {
        int mark = marks.merge(path(workload), 1, Integer::sum) + FIRST_MARK;
        int replicas = workload == 0 ? 1 + random.nextInt(2) : 0;
        change("PUT", path(workload), form(workload, replicas, mark), mark, condition(seen));
    }

    private Map<String, Object> form(int workload, int replicas, int mark) {
        Map<String, Object> resources =
                Map.of("cpuMillis", 10, "memoryBytes", 8 << 20, "pids", mark, "diskBytes", 1 << 20, "inodes", 64);
        return Map.of(
                "image",
                "busybox",
                "command",
                List.of("sleep", argument(workload)),
                "replicas",
                replicas,
                "resources",
                resources);
    }

    private Map<String, String> condition(Seen seen) {
        if (!careful) {
            return Map.of();
        }
        return seen.tag == null ? Map.of("If-None-Match", "*") : Map.of("If-Match", seen.tag);
    }

    /** @param condition null for what is told apart by a key */
    private void change(
            String method,
            String path,
            @Nullable Object body,
            @Nullable Integer mark,
            @Nullable Map<String, String> condition)
            throws InterruptedException {
        String requestId = name + "-" + ++requests;
        Map<String, String> headers =
                new HashMap<>(condition == null ? Map.of("Idempotency-Key", requestId) : condition);
        headers.put("X-Request-Id", requestId);
        Courier.Delivery delivery = courier.deliver(method, path, body, headers);
        if (delivery.outcome() == Outcome.ACKNOWLEDGED) {
            pulse.acknowledge();
        }
        boolean once = condition == null || !condition.isEmpty();
        String resource = path.endsWith(":restart") ? path.substring(0, path.lastIndexOf(':')) : path;
        events.add(new Change(name, resource, requestId, method, delivery.outcome(), once, delivery.tries(), mark));
    }

    /** Null if nobody could say. */
    private @Nullable Seen read(String path) throws InterruptedException {
        boolean waits = random.nextInt(8) == 0;
        String query = waits ? "?index=" + index + "&wait=200ms" : "";
        HttpResponse<String> answer =
                courier.deliver("GET", path + query, null, Map.of()).answer();
        if (answer == null) {
            return null;
        }
        boolean there = answer.statusCode() == 200;
        if (!there && answer.statusCode() != 404) {
            return null;
        }
        pulse.read();
        State state = there ? state(JSON.readTree(answer.body())) : State.ABSENT;
        long newest = answer.headers().firstValueAsLong("X-Landlord-Index").orElse(Reading.NO_INDEX);
        index = Math.max(index, newest);
        events.add(new Reading(name, path, "replica " + courier.current(), newest, state));
        return new Seen(state, answer.headers().firstValue("ETag").orElse(null));
    }

    /** Of a workload as an answer or the log of changes tells it. */
    static State state(JsonNode workload) {
        if (workload.isMissingNode() || workload.path("deleting").asBoolean()) {
            return State.ABSENT;
        }
        return new State(
                workload.path("specVersion").asLong(),
                workload.path("restartCounter").asLong(),
                workload.path("spec").path("resources").path("pids").asInt());
    }
}
