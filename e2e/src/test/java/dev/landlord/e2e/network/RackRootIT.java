package dev.landlord.e2e.network;

import static org.assertj.core.api.Assertions.assertThat;

import dev.landlord.e2e.host.HostCommand;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.NavigableSet;
import java.util.TreeSet;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("root")
class RackRootIT {
    private static final int NUMBER = 250;

    @Test
    void aPulledCableSeparatesAHostAndAPluggedOneJoinsItAgain() {
        try (Rack rack = Rack.assemble(NUMBER, 2)) {
            assertThat(reaches(rack, 1, 2)).isTrue();
            rack.cut(2);
            assertThat(reaches(rack, 1, 2)).isFalse();
            rack.mend(2);
            assertThat(reaches(rack, 1, 2)).isTrue();
            assertThat(reachesSelf(rack, 2)).isTrue();
        }
    }

    @Test
    void leavesNoLinkAndNoNamespace() {
        NavigableSet<String> before = things();
        Rack.assemble(NUMBER, 3).close();
        assertThat(things()).isEqualTo(before);
    }

    private static boolean reaches(Rack rack, int from, int to) {
        return ping(rack, from, rack.addressOf(to));
    }

    private static boolean reachesSelf(Rack rack, int host) {
        return ping(rack, host, rack.ownAddress());
    }

    private static boolean ping(Rack rack, int from, String address) {
        String namespace = rack.namespaceOf(from).toString();
        List<String> command = List.of("nsenter", "--net=" + namespace, "busybox", "ping", "-c1", "-W10", address);
        return HostCommand.run(command).exitCode() == 0;
    }

    private static NavigableSet<String> things() {
        NavigableSet<String> things = new TreeSet<>();
        for (Path place : List.of(Path.of("/sys/class/net"), Path.of("/run/netns"))) {
            String[] names = Files.isDirectory(place) ? place.toFile().list() : null;
            things.addAll(List.of(names == null ? new String[0] : names));
        }
        return things;
    }
}
