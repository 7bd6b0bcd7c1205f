package dev.landlord.runtime.network;

import dev.landlord.runtime.Ipv4;
import dev.landlord.runtime.Ipv4Prefix;
import dev.landlord.runtime.Neighbourhood;
import dev.landlord.runtime.SandboxException;
import dev.landlord.runtime.SandboxException.Kind;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The neighbourhood that we were last told, one line each, so that a new process puts the same table up at once:
 *
 * <pre>
 * version 1
 * cluster PREFIX
 * subnet PREFIX
 * route PREFIX ADDRESS
 * peer ADDRESS MARK
 * forbidden PREFIX
 * </pre>
 *
 * <p>Other lines are ignored.
 */
final class NeighbourhoodFile {
    private static final Logger LOG = LoggerFactory.getLogger(NeighbourhoodFile.class);

    private final Path path;

    NeighbourhoodFile(Path path) {
        this.path = path;
    }

    void delete() {
        try {
            Files.deleteIfExists(path);
        } catch (IOException e) {
            throw fault("delete", e);
        }
    }

    Neighbourhood read() {
        try {
            return parse(Files.readAllLines(path));
        } catch (NoSuchFileException e) {
            return Neighbourhood.NONE;
        } catch (IllegalArgumentException e) {
            LOG.warn("{} is damaged; nothing is known of other hosts until we are told: {}", path, e.getMessage());
            return Neighbourhood.NONE;
        } catch (IOException e) {
            throw fault("read", e);
        }
    }

    private static Neighbourhood parse(List<String> lines) {
        Ipv4Prefix cluster = null;
        Ipv4Prefix subnet = null;
        Map<Ipv4Prefix, Ipv4> routes = new HashMap<>();
        Map<Ipv4, Integer> peers = new HashMap<>();
        Set<Ipv4Prefix> forbidden = new HashSet<>();
        for (String line : lines) {
            String[] words = line.split(" ", -1);
            String first = words.length > 1 ? words[1] : "";
            String second = words.length > 2 ? words[2] : "";
            switch (words[0]) {
                case "cluster" -> cluster = Ipv4Prefix.parse(first);
                case "subnet" -> subnet = Ipv4Prefix.parse(first);
                case "route" -> routes.put(Ipv4Prefix.parse(first), Ipv4.parse(second));
                case "peer" -> peers.put(Ipv4.parse(first), Integer.valueOf(second));
                case "forbidden" -> forbidden.add(Ipv4Prefix.parse(first));
                default -> {}
            }
        }
        return new Neighbourhood(cluster, subnet, routes, peers, forbidden);
    }

    /** Replaces the file whole. What a crash of the host makes of it matters little: no sandbox outlives one. */
    void write(Neighbourhood neighbourhood) {
        StringBuilder text = new StringBuilder("version 1\n");
        line(text, "cluster", neighbourhood.cluster());
        line(text, "subnet", neighbourhood.subnet());
        neighbourhood.routes().forEach((subnet, host) -> line(text, "route", subnet + " " + host));
        neighbourhood.peers().forEach((address, mark) -> line(text, "peer", address + " " + mark));
        neighbourhood.forbidden().forEach(prefix -> line(text, "forbidden", prefix));
        Path next = path.resolveSibling(path.getFileName() + ".new");
        try {
            Files.writeString(next, text);
            Files.move(next, path, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        } catch (IOException e) {
            throw fault("write", e);
        }
    }

    private static void line(StringBuilder text, String word, @Nullable Object value) {
        if (value != null) {
            text.append(word).append(' ').append(value).append('\n');
        }
    }

    private SandboxException fault(String operation, Exception cause) {
        return new SandboxException(Kind.HOST_FAULT, operation, path.toString(), 0, String.valueOf(cause), cause);
    }
}
