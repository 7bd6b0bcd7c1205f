package dev.landlord.e2e.host;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;

/** The directory of a root file system with busybox, its applets, and nothing else. */
public final class BusyboxRoot {
    private static final List<String> DIRECTORIES = List.of("bin", "dev", "etc", "proc", "root", "sys", "tmp", "var");

    private BusyboxRoot() {}

    /** Makes the tree in {@code directory}, which must not exist; other programs can be put into its {@code bin}. */
    public static Path make(Path directory) throws IOException {
        for (String name : DIRECTORIES) {
            Files.createDirectories(directory.resolve(name));
        }
        Path bin = directory.resolve("bin");
        Path busybox = Files.copy(hostBusybox(), bin.resolve("busybox"));
        Files.setPosixFilePermissions(busybox, PosixFilePermissions.fromString("rwxr-xr-x"));
        String applets = HostCommand.must(List.of(busybox.toString(), "--list"));
        for (String applet : applets.lines().toList()) {
            if (!applet.equals("busybox")) {
                Files.createSymbolicLink(bin.resolve(applet), Path.of("busybox"));
            }
        }
        Files.writeString(directory.resolve("etc/passwd"), "root:x:0:0:root:/root:/bin/sh\n");
        Files.writeString(directory.resolve("etc/group"), "root:x:0:\n");
        return directory;
    }

    private static Path hostBusybox() {
        return List.of(Path.of("/bin/busybox"), Path.of("/usr/bin/busybox")).stream()
                .filter(Files::isExecutable)
                .findFirst()
                .orElseThrow(() -> new IllegalStateException("no /bin/busybox: install the package busybox-static"));
    }
}
