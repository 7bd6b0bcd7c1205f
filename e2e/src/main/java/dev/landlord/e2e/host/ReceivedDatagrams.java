package dev.landlord.e2e.host;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** What the kernel has counted in the network namespace of a process, read past the product. */
public final class ReceivedDatagrams {
    private ReceivedDatagrams() {}

    /** UDP datagrams that came, whether or not anybody wanted them; 0 for a process that has ended. */
    public static long of(long pid) {
        try {
            List<String> lines = Files.readAllLines(Path.of("/proc/" + pid + "/net/snmp")).stream()
                    .filter(line -> line.startsWith("Udp: "))
                    .toList();
            List<String> names = List.of(lines.getFirst().split(" ", -1));
            String[] values = lines.getLast().split(" ", -1);
            return Long.parseLong(values[names.indexOf("InDatagrams")])
                    + Long.parseLong(values[names.indexOf("NoPorts")]);
        } catch (IOException ended) {
            return 0;
        }
    }
}
