package dev.landlord.runtime.launch;

import dev.landlord.runtime.SandboxException;
import dev.landlord.runtime.SandboxException.Kind;
import dev.landlord.runtime.linux.Errno;
import dev.landlord.runtime.linux.LinuxFault;

/** Turns what the kernel refused into the exception of the runtime. */
public final class HelperFault {
    private static final int OP_EXEC = 39;
    private static final int OP_WORKDIR = 34;

    private HelperFault() {}

    public static SandboxException of(String operation, String object, LinuxFault fault) {
        return new SandboxException(kind(0, fault.errno()), operation, object, fault.errno(), fault.reason(), fault);
    }

    public static SandboxException of(HelperMessage.Failed failed) {
        String reason = failed.errno() == 0 ? "refused" : Errno.describe(failed.errno());
        String operation = operation(failed.op());
        String object = failed.object().isEmpty() ? "sandbox" : failed.object();
        return new SandboxException(kind(failed.op(), failed.errno()), operation, object, failed.errno(), reason, null);
    }

    private static Kind kind(int op, int errno) {
        if (op == OP_EXEC || op == OP_WORKDIR) {
            return switch (errno) {
                case Errno.ENOENT,
                        Errno.EACCES,
                        Errno.ENOEXEC,
                        Errno.EISDIR,
                        Errno.ENOTDIR,
                        Errno.ELOOP,
                        Errno.ENAMETOOLONG,
                        Errno.E2BIG -> Kind.INVALID;
                default -> exhaustedOrFault(errno);
            };
        }
        return exhaustedOrFault(errno);
    }

    private static Kind exhaustedOrFault(int errno) {
        return Errno.meansExhausted(errno) ? Kind.EXHAUSTED : Kind.HOST_FAULT;
    }

    /** The words of the step numbers of {@code plan.h}. */
    private static String operation(int op) {
        return switch (op) {
            case 0 -> "read plan";
            case 1 -> "supervise";
            case 2 -> "clone";
            case 3 -> "map ids";
            case 4 -> "build root of image";
            case 6, 7, 28 -> "join control groups";
            case 8 -> "set oom score";
            case 9 -> "attach link";
            case 10 -> "join sandbox";
            case 11 -> "watch memory";
            case 12 -> "hold lease";
            case 16 -> "become root inside";
            case 17 -> "configure links";
            case 18, 19 -> "attach root";
            case 20 -> "make directory";
            case 21 -> "mount";
            case 22 -> "make device";
            case 23 -> "make symlink";
            case 24 -> "mask";
            case 25 -> "make read-only";
            case 26 -> "pivot root";
            case 27 -> "change root";
            case 29 -> "unshare cgroup namespace";
            case 30 -> "set hostname";
            case 31 -> "set rlimit";
            case 32, 35, 36 -> "drop privileges";
            case 33 -> "become user";
            case OP_WORKDIR -> "enter workdir";
            case 37 -> "park";
            case 38 -> "load seccomp filter";
            case OP_EXEC -> "exec";
            case 40 -> "open streams";
            case 41 -> "set rlimits";
            default -> "step " + op;
        };
    }
}
