package dev.landlord.e2e.customer;

import dev.landlord.e2e.cluster.RestClient;
import dev.landlord.e2e.history.Event.Outcome;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.NavigableSet;
import java.util.Set;
import java.util.concurrent.ConcurrentSkipListSet;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/** Carries a tenant's requests to either control plane, and to the other one if there was no answer. For one thread. */
public final class Courier {
    private static final Duration PATIENCE = Duration.ofMinutes(2);
    private static final long PAUSE_NANOS = 100_000_000L;
    private static final int TOO_MANY = 429;
    /** Answers that nothing of what is done here can be a reason for. */
    private static final Set<Integer> WRONG = Set.of(400, 401, 403, 405, 413, 500);

    private final List<RestClient> replicas;
    private final NavigableSet<String> wrong = new ConcurrentSkipListSet<>();
    private int current;

    /** @param first which of them to ask first */
    public Courier(List<RestClient> replicas, int first) {
        this.replicas = List.copyOf(replicas);
        this.current = first % replicas.size();
    }

    /** @param answer null if there was none in all the time */
    record Delivery(Outcome outcome, int tries, @Nullable HttpResponse<String> answer) {}

    /** Sends until it is known what became of it, or for two minutes. */
    Delivery deliver(String method, String path, @Nullable Object body, Map<String, String> headers)
            throws InterruptedException {
        long until = System.nanoTime() + PATIENCE.toNanos();
        boolean doubtful = false;
        int tries = 0;
        while (System.nanoTime() < until) {
            tries++;
            HttpResponse<String> answer = tryOnce(method, path, body, headers);
            int status = answer == null ? 0 : answer.statusCode();
            if (status / 100 == 2) {
                return new Delivery(Outcome.ACKNOWLEDGED, tries, answer);
            }
            if (status / 100 == 4 && status != TOO_MANY) {
                return new Delivery(doubtful ? Outcome.UNKNOWN : Outcome.REFUSED, tries, answer);
            }
            doubtful |= status != TOO_MANY;
            current = (current + 1) % replicas.size();
            LockSupport.parkNanos(PAUSE_NANOS);
        }
        return new Delivery(Outcome.UNKNOWN, tries, null);
    }

    private @Nullable HttpResponse<String> tryOnce(
            String method, String path, @Nullable Object body, Map<String, String> headers)
            throws InterruptedException {
        try {
            HttpResponse<String> answer = replicas.get(current).exchange(method, path, body, headers);
            if (WRONG.contains(answer.statusCode())) {
                wrong.add(method + " " + path + " was answered " + answer.statusCode() + " " + answer.body());
            }
            return answer;
        } catch (IOException none) {
            return null;
        }
    }

    /** Now and then to the other one without a need. */
    void change() {
        current = (current + 1) % replicas.size();
    }

    int current() {
        return current;
    }

    /** Answers that should not have been given, each with its request. */
    public NavigableSet<String> wrongAnswers() {
        return wrong;
    }
}
