package dev.landlord.e2e.demo;

import dev.landlord.e2e.cluster.Eventually;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * How a shop did in a window of time, by its own log: latency of customers who come at a steady pace, and the pace at which
 * it does orders when it works as fast as it can.
 *
 * @param latencies microseconds, sorted
 * @param ordersPerSecond while working
 */
record Business(List<Long> latencies, double ordersPerSecond) {
    static final Order SERVE = Order.of(200, 16, 16, "/bin/shop", "serve", "100", "10");
    static final Order GRIND = Order.of(1000, 16, 16, "/bin/shop", "grind", "300", "10");

    private static final Pattern SERVED = Pattern.compile("serve (\\d+) served=\\d+ us=([\\d,]+)");
    private static final Pattern GROUND = Pattern.compile("grind (\\d+) done=(\\d+) us=(\\d+)");
    private static final int TAIL_BYTES = 65_536;
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    Business {
        latencies = latencies.stream().sorted().toList();
    }

    /** Waits for the window to pass and for the log to be written to its end. */
    static Business observe(TenantDesk desk, Duration window) throws InterruptedException {
        long begin = System.currentTimeMillis();
        Thread.sleep(window);
        long end = System.currentTimeMillis();
        String serve = awaitLog(desk, "serve", SERVED, end);
        String grind = awaitLog(desk, "grind", GROUND, end);
        return read(serve, grind, begin, end);
    }

    /** Counts the lines whose second lies within the window of epoch milliseconds. */
    static Business read(String serve, String grind, long begin, long end) {
        return new Business(latencies(serve, begin, end), pace(grind, begin, end));
    }

    /** A line covers the second before it: the first line after the end closes the window. */
    private static String awaitLog(TenantDesk desk, String workload, Pattern line, long end)
            throws InterruptedException {
        return Eventually.observe(PATIENCE, () -> desk.log(workload, TAIL_BYTES), log -> lastTime(log, line) > end);
    }

    private static long lastTime(String log, Pattern line) {
        return line.matcher(log)
                .results()
                .mapToLong(found -> Long.parseLong(found.group(1)))
                .max()
                .orElse(0);
    }

    private static List<Long> latencies(String log, long begin, long end) {
        List<Long> micros = new ArrayList<>();
        Matcher line = SERVED.matcher(log);
        while (line.find()) {
            long time = Long.parseLong(line.group(1));
            if (time > begin + 1000 && time <= end) {
                for (String one : line.group(2).split(",", -1)) {
                    micros.add(Long.valueOf(one));
                }
            }
        }
        return micros;
    }

    private static double pace(String log, long begin, long end) {
        double orders = 0;
        double micros = 0;
        Matcher line = GROUND.matcher(log);
        while (line.find()) {
            long time = Long.parseLong(line.group(1));
            if (time > begin + 1000 && time <= end) {
                orders += Double.parseDouble(line.group(2));
                micros += Double.parseDouble(line.group(3));
            }
        }
        return micros == 0 ? 0 : orders * 1_000_000 / micros;
    }

    /** Whether there is anything to compare. */
    boolean isOpen() {
        return ordersPerSecond > 0 && latencies.size() > 100;
    }

    double latencyMillis(double quantile) {
        return Latencies.millis(latencies, quantile);
    }

    @Override
    public String toString() {
        return String.format(
                Locale.ROOT,
                "%.0f orders/s, %d customers served, latency p50 %.2f ms, p99 %.2f ms",
                ordersPerSecond,
                latencies.size(),
                latencyMillis(0.5),
                latencyMillis(0.99));
    }
}
