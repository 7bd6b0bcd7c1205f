package dev.landlord.e2e.demo;

import dev.landlord.e2e.cluster.Eventually;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;

/** A program of a tenant that knocks at doors and says what it found. */
final class Knock {
    private static final String WORKLOAD = "knock";
    private static final Pattern FOUND = Pattern.compile("knock (\\S+) (.+)");
    private static final int TAIL_BYTES = 8192;
    private static final Duration PATIENCE = Duration.ofSeconds(40);

    private Knock() {}

    static String door(String address, int port) {
        return "tcp:" + address + ":" + port;
    }

    /** By name of the door: open, refused, silent, or the error; and whether it got sockets to forge addresses with. */
    static Map<String, String> by(TenantDesk tenant, Map<String, String> doors) throws InterruptedException {
        List<String> command = new ArrayList<>(List.of("/bin/shop", "knock"));
        new TreeMap<>(doors).forEach((name, door) -> command.add(name + "=" + door));
        tenant.run(WORKLOAD, Order.of(50, 16, 16, command.toArray(String[]::new)));
        try {
            String log = Eventually.observe(
                    PATIENCE, () -> tenant.log(WORKLOAD, TAIL_BYTES), text -> text.contains("knock end"));
            Map<String, String> found = new TreeMap<>();
            FOUND.matcher(log).results().forEach(line -> found.put(line.group(1), line.group(2)));
            return found;
        } finally {
            tenant.cancel(WORKLOAD);
        }
    }
}
