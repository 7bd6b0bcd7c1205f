package dev.landlord.runtime.network;

import dev.landlord.runtime.SandboxException;
import dev.landlord.runtime.SandboxException.Kind;
import dev.landlord.runtime.netlink.LinkMessages;
import dev.landlord.runtime.netlink.LinkMessages.Link;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * The device to the world. It must forward for sandboxes, and a host that forwards is a router for whoever is beside it; so
 * where it did not before, it is guarded: the rules let it forward for sandboxes only. That outlives us as a mark on disk.
 *
 * @param guarded it did not forward before we came
 */
record Uplink(Link link, boolean guarded) {
    private static final Path SETTINGS = Path.of("/proc/sys/net/ipv4/conf");

    static Uplink find(Kernel routes, String name, Path directory) {
        Link link = LinkMessages.links(routes.list("links", LinkMessages.list())).stream()
                .filter(candidate -> candidate.name().equals(name))
                .findFirst()
                .orElseThrow(() -> new SandboxException(Kind.UNSUPPORTED, "find", "uplink " + name, "no such device"));
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

    /** As it was before we came; without the rules that guarded it. */
    void restore(Path directory) {
        if (!guarded) {
            return;
        }
        try {
            Files.writeString(SETTINGS.resolve(link.name()).resolve("forwarding"), "0\n");
            Files.deleteIfExists(mark(directory, link.name()));
        } catch (IOException e) {
            throw new SandboxException(
                    Kind.HOST_FAULT, "stop forwarding of", "uplink " + link.name(), 0, String.valueOf(e), e);
        }
    }

    private static Path mark(Path directory, String name) {
        return directory.resolve("guarded." + name);
    }

    /** For this device alone; the host's own switch stays as it is. Only behind the rules. */
    void forward(Kernel routes) {
        routes.apply("let forward", "uplink " + link.name(), LinkMessages.forward(link.index()));
    }
}
