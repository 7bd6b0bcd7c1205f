package dev.landlord.runtime.network;

import dev.landlord.runtime.SandboxException;
import dev.landlord.runtime.SandboxException.Kind;
import dev.landlord.runtime.netlink.LinkMessages;
import dev.landlord.runtime.netlink.LinkMessages.Link;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The device to the world. It must forward for sandboxes, and a host that forwards is a router for whoever is beside it; so
 * where it did not before, it is guarded: the rules let it forward for sandboxes only. That outlives us as a mark on disk.
 *
 * @param guarded it did not forward before we came
 */
record Uplink(Link link, boolean guarded) {
    private static final String MARK = "guarded.";
    private static final Path SETTINGS = Path.of("/proc/sys/net/ipv4/conf");

    static Uplink find(String name, Path directory) {
        Link link = link(name);
        Path mark = mark(directory, name);
        Path forwarding = SETTINGS.resolve(name).resolve("forwarding");
        try {
            if (Files.readString(forwarding).strip().equals("0") && !Files.exists(mark)) {
                Files.createFile(mark);
            }
        } catch (IOException e) {
            throw new SandboxException(Kind.HOST_FAULT, "look at", forwarding.toString(), 0, String.valueOf(e), e);
        }
        return new Uplink(link, Files.exists(mark));
    }

    private static Link link(String name) {
        try (Kernel routes = Kernel.routes()) {
            return LinkMessages.links(routes.list("links", LinkMessages.list())).stream()
                    .filter(candidate -> candidate.name().equals(name))
                    .findFirst()
                    .orElseThrow(
                            () -> new SandboxException(Kind.UNSUPPORTED, "find", "uplink " + name, "no such device"));
        }
    }

    /** As it was before we came. */
    void restore(Path directory) {
        if (!guarded) {
            return;
        }
        restore(link.name(), directory);
    }

    /** Those that were the uplink before another became it: nothing guards them any more, so they must not forward either. */
    static void restoreOthers(@Nullable String name, Path directory) {
        List<String> others = new ArrayList<>();
        try (DirectoryStream<Path> marks = Files.newDirectoryStream(directory, MARK + "*")) {
            marks.forEach(mark -> others.add(mark.getFileName().toString().substring(MARK.length())));
        } catch (IOException e) {
            throw new SandboxException(Kind.HOST_FAULT, "list", directory.toString(), 0, String.valueOf(e), e);
        }
        others.remove(name);
        others.forEach(other -> restore(other, directory));
    }

    private static void restore(String name, Path directory) {
        Path device = SETTINGS.resolve(name);
        try {
            if (Files.exists(device)) {
                Files.writeString(device.resolve("forwarding"), "0\n");
            }
            Files.deleteIfExists(mark(directory, name));
        } catch (IOException e) {
            throw new SandboxException(
                    Kind.HOST_FAULT, "stop forwarding of", "uplink " + name, 0, String.valueOf(e), e);
        }
    }

    private static Path mark(Path directory, String name) {
        return directory.resolve(MARK + name);
    }

    /** For this device alone; the host's own switch stays as it is. Only behind the rules. */
    void forward(Kernel routes) {
        routes.apply("let forward", "uplink " + link.name(), LinkMessages.forward(link.index()));
    }
}
