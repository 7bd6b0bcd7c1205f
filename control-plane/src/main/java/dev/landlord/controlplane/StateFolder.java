package dev.landlord.controlplane;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Set;

/** The folder of all that must survive a restart. */
record StateFolder(Path path) {
    /** Makes it if it is missing. Refuses one that others may write to: they could exchange the keys. */
    static StateFolder open(Path path) {
        try {
            Files.createDirectories(
                    path, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
            Set<PosixFilePermission> permissions = Files.getPosixFilePermissions(path);
            if (permissions.contains(PosixFilePermission.GROUP_WRITE)
                    || permissions.contains(PosixFilePermission.OTHERS_WRITE)) {
                throw new StartRefused(
                        "landlord.state-dir " + path + " may be written to by others ("
                                + PosixFilePermissions.toString(permissions) + "), who could exchange the keys in it.",
                        "Make it 0700.");
            }
            return new StateFolder(path.toRealPath());
        } catch (IOException failure) {
            throw new UncheckedIOException("landlord.state-dir " + path, failure);
        }
    }
}
