package dev.landlord.runtime.network;

import dev.landlord.runtime.SandboxException;
import dev.landlord.runtime.SandboxException.Kind;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.TreeSet;

/**
 * Whether this host forwards what comes in by its uplinks, a switch for each; ip-sysctl. Remembers in a file what it switched
 * on, so that a later process can switch it off again. Not thread-safe.
 */
public final class Forwarding {
    private final Path switches;
    private final Path memory;

    /**
     * @param switches {@code /proc/sys/net/ipv4/conf}
     * @param memory file that survives this process
     */
    public Forwarding(Path switches, Path memory) {
        this.switches = switches;
        this.memory = memory;
    }

    void switchOn(String uplink) {
        Path file = fileOf(uplink);
        try {
            // A sysctl is answered by one read, whatever its size seems to be; here one digit is all there is.
            if (new String(Files.readAllBytes(file), StandardCharsets.US_ASCII).startsWith("1")) {
                return;
            }
            // Noted first: who dies in between leaves a note too many, not a switch too many.
            TreeSet<String> noted = new TreeSet<>(noted());
            noted.add(uplink);
            Files.write(memory, noted);
            Files.writeString(file, "1\n");
        } catch (IOException e) {
            throw fault("switch on forwarding of", uplink, e);
        }
    }

    void restore() {
        for (String uplink : noted()) {
            try {
                if (Files.exists(fileOf(uplink))) {
                    Files.writeString(fileOf(uplink), "0\n");
                }
            } catch (IOException e) {
                throw fault("switch off forwarding of", uplink, e);
            }
        }
        try {
            Files.deleteIfExists(memory);
        } catch (IOException e) {
            throw fault("delete", memory.toString(), e);
        }
    }

    private List<String> noted() {
        try {
            return Files.exists(memory) ? Files.readAllLines(memory) : List.of();
        } catch (IOException e) {
            throw fault("read", memory.toString(), e);
        }
    }

    private Path fileOf(String uplink) {
        if (!uplink.matches("[A-Za-z0-9_.@-]{1,15}") || uplink.startsWith(".")) {
            throw new SandboxException(Kind.INVALID, "forward", uplink, "is not the name of an interface");
        }
        return switches.resolve(uplink).resolve("forwarding");
    }

    private static SandboxException fault(String operation, String object, IOException e) {
        return new SandboxException(Kind.HOST_FAULT, operation, object, 0, String.valueOf(e), e);
    }
}
