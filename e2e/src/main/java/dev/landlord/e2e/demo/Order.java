package dev.landlord.e2e.demo;

import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** What a tenant asks for, in the form that goes into a PUT. */
record Order(List<String> command, long cpuMillis, long memoryMib, int pids, Map<String, Object> rest) {
    static final String IMAGE = "shop";
    static final long DISK_BYTES = 4L << 20;
    static final int INODES = 256;

    static Order of(long cpuMillis, long memoryMib, int pids, String... command) {
        return new Order(List.of(command), cpuMillis, memoryMib, pids, Map.of());
    }

    /** With one more field, or another value for one. */
    Order with(String field, Object value) {
        Map<String, Object> more = new HashMap<>(rest);
        more.put(field, value);
        return new Order(command, cpuMillis, memoryMib, pids, Map.copyOf(more));
    }

    Map<String, Object> form() {
        Map<String, Object> form = new HashMap<>();
        form.put("image", IMAGE);
        form.put("command", command);
        form.put(
                "resources",
                Map.of(
                        "cpuMillis", cpuMillis,
                        "memoryBytes", memoryMib << 20,
                        "pids", pids,
                        "diskBytes", DISK_BYTES,
                        "inodes", INODES));
        form.putAll(rest);
        return form;
    }
}
