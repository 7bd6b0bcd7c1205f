package dev.landlord.runtime;

import org.jspecify.annotations.Nullable;

/** A fault of the host or of the request: which operation failed on which object, and why. */
public final class SandboxException extends RuntimeException {
    /** What a caller can do about it. */
    public enum Kind {
        /** The request cannot work: no such command, bad path, unknown sandbox. */
        INVALID,
        NOT_FOUND,
        ALREADY_EXISTS,
        /** This host cannot enforce what was asked for. */
        UNSUPPORTED,
        /** The host is out of something: memory, pids, disk, ids. */
        EXHAUSTED,
        /** Anything else that the kernel refused. */
        HOST_FAULT,
        /** It did not end in the time allowed. */
        TIMEOUT
    }

    private final Kind kind;
    private final String operation;
    private final String object;
    private final int errno;

    public SandboxException(
            Kind kind, String operation, String object, int errno, String reason, @Nullable Throwable cause) {
        super(operation + " " + object + ": " + reason, cause);
        this.kind = kind;
        this.operation = operation;
        this.object = object;
        this.errno = errno;
    }

    public SandboxException(Kind kind, String operation, String object, String reason) {
        this(kind, operation, object, 0, reason, null);
    }

    public Kind kind() {
        return kind;
    }

    public String operation() {
        return operation;
    }

    public String object() {
        return object;
    }

    /** 0 when no system call was refused. */
    public int errno() {
        return errno;
    }
}
