package dev.landlord.runtime;

import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * Everything needed to build one sandbox.
 *
 * @param image directory of the read-only root file system on this host; shared between sandboxes
 * @param hostname at most 64 bytes of [a-z0-9-]
 * @param writableBytes bound of the writable layer (a tmpfs, charged to the sandbox's memory)
 * @param writableInodes likewise, in files
 * @param shmBytes bound of /dev/shm; /tmp lives in the writable layer's budget of its own tmpfs of the same size
 * @param init true: pid 1 inside is our reaping init
 * @param connection null: it has a loopback and nothing else
 * @param leaseTerm of the lease of this host that its supervisor does not let it outlive, see {@link SandboxRuntime#lease};
 *     null: no lease ends it
 */
public record SandboxSpec(
        SandboxId id,
        OwnerId owner,
        IdBlock ids,
        Path image,
        ProcessSpec process,
        String hostname,
        Limits limits,
        long writableBytes,
        long writableInodes,
        long shmBytes,
        boolean init,
        LogPolicy logs,
        Isolation isolation,
        @Nullable Connection connection,
        @Nullable Long leaseTerm) {
    public SandboxSpec {
        if (!image.isAbsolute()) {
            throw new IllegalArgumentException("image must be an absolute path");
        }
        if (!hostname.matches("[a-zA-Z0-9][a-zA-Z0-9-]{0,63}")) {
            throw new IllegalArgumentException("hostname must match [a-zA-Z0-9][a-zA-Z0-9-]{0,63}");
        }
        if (process.console() != Console.NONE && isolation != Isolation.FULL) {
            throw new IllegalArgumentException("only a fully isolated sandbox can have a console");
        }
        if (!process.rlimits().isEmpty() && isolation != Isolation.FULL) {
            throw new IllegalArgumentException("only a fully isolated sandbox can have rlimits");
        }
        if (leaseTerm != null && isolation != Isolation.FULL) {
            throw new IllegalArgumentException("only a fully isolated sandbox ends as a whole when its lease does");
        }
        if (connection != null && isolation == Isolation.CHROOT_ONLY) {
            throw new IllegalArgumentException("without a network namespace there is nothing to connect");
        }
        if (writableBytes < 4096 || writableInodes < 16 || shmBytes < 4096) {
            throw new IllegalArgumentException("writableBytes and shmBytes must be >= 4096, writableInodes >= 16");
        }
    }
}
