package dev.landlord.e2e.demo;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/**
 * How customers who come over the network fared in a window of time. They come at a steady pace, whether or not the one
 * before is served yet, and their waiting is counted from the moment at which they were to come.
 *
 * @param latencies microseconds of those who got the page, sorted
 * @param turnedAway customers who got an error, another page, or no answer in time
 */
record Visits(List<Long> latencies, int turnedAway) {
    private static final Duration PATIENCE = Duration.ofSeconds(3);

    Visits {
        latencies = latencies.stream().sorted().toList();
    }

    /**
     * Sends customers to each of the doors in turn.
     *
     * @param page what they must see
     */
    static Visits observe(List<URI> doors, String page, int perSecond, Duration window) throws InterruptedException {
        int customers = (int) (window.toMillis() * perSecond / 1000);
        long spacingNanos = 1_000_000_000L / perSecond;
        try (HttpClient http = HttpClient.newBuilder().connectTimeout(PATIENCE).build();
                ExecutorService street = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<Long>> visits = new ArrayList<>();
            long begin = System.nanoTime();
            for (int i = 0; i < customers; i++) {
                long due = begin + i * spacingNanos;
                sleepUntil(due);
                URI door = doors.get(i % doors.size());
                Callable<Long> visit = () -> visit(http, door, page, due);
                visits.add(street.submit(visit));
            }
            return count(visits);
        }
    }

    private static void sleepUntil(long due) throws InterruptedException {
        long left = due - System.nanoTime();
        if (left > 0) {
            Thread.sleep(Duration.ofNanos(left));
        }
    }

    /** Microseconds, or -1 for a customer who was turned away. */
    private static long visit(HttpClient http, URI door, String page, long due) throws InterruptedException {
        HttpRequest request = HttpRequest.newBuilder(door).timeout(PATIENCE).build();
        try {
            HttpResponse<String> response = http.send(request, BodyHandlers.ofString());
            boolean served =
                    response.statusCode() == 200 && response.body().strip().equals(page);
            return served ? (System.nanoTime() - due) / 1000 : -1;
        } catch (IOException turnedAway) {
            return -1; // counted, and shown in the report
        }
    }

    private static Visits count(List<Future<Long>> visits) throws InterruptedException {
        List<Long> latencies = new ArrayList<>();
        int turnedAway = 0;
        for (Future<Long> visit : visits) {
            try {
                long micros = visit.get();
                if (micros < 0) {
                    turnedAway++;
                } else {
                    latencies.add(micros);
                }
            } catch (ExecutionException e) {
                throw new IllegalStateException("a customer: " + e.getCause(), e);
            }
        }
        return new Visits(latencies, turnedAway);
    }

    double latencyMillis(double quantile) {
        return Latencies.millis(latencies, quantile);
    }

    @Override
    public String toString() {
        return String.format(
                Locale.ROOT,
                "%d customers over HTTP, %d turned away, p50 %.2f ms, p99 %.2f ms",
                latencies.size() + turnedAway,
                turnedAway,
                latencyMillis(0.5),
                latencyMillis(0.99));
    }
}
