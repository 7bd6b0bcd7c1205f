package dev.landlord.runtime;

/**
 * A limit of getrlimit(2), of each process of a sandbox. Only ever below what the runtime gives by itself, so that no
 * privilege is needed.
 *
 * @param soft where the program starts, at most {@code hard}; {@link #UNLIMITED} for none
 * @param hard where it may go, at most the runtime's own
 */
public record Rlimit(Resource resource, long soft, long hard) {
    /** {@code RLIM_INFINITY}. */
    public static final long UNLIMITED = -1;

    public Rlimit {
        check(resource + " soft", soft, hard);
        check(resource + " hard", hard, resource.hard);
    }

    private static void check(String what, long value, long most) {
        if (value < UNLIMITED) {
            throw new IllegalArgumentException("rlimits." + what + " must not be negative, was " + value);
        }
        if (Long.compareUnsigned(value, most) > 0) {
            throw new IllegalArgumentException("rlimits." + what + " must be at most " + most + ", was "
                    + (value == UNLIMITED ? "unlimited" : Long.toString(value)));
        }
    }

    /** What the runtime gives by itself; units are those of getrlimit(2). */
    public enum Resource {
        CPU(0, UNLIMITED, UNLIMITED),
        FSIZE(1, UNLIMITED, UNLIMITED),
        DATA(2, UNLIMITED, UNLIMITED),
        STACK(3, 8L << 20, UNLIMITED),
        CORE(4, 0, 0),
        /** A second fence far behind {@code pidsMax}: that changes while a program runs, and this does not. */
        NPROC(6, 32_784, 32_784),
        NOFILE(7, 1024, 65_536),
        MEMLOCK(8, 65_536, 65_536),
        AS(9, UNLIMITED, UNLIMITED),
        SIGPENDING(11, 1024, 1024),
        MSGQUEUE(12, 819_200, 819_200),
        NICE(13, 0, 0),
        RTPRIO(14, 0, 0),
        RTTIME(15, UNLIMITED, UNLIMITED);

        private final int number;
        private final long soft;
        private final long hard;

        Resource(int number, long soft, long hard) {
            this.number = number;
            this.soft = soft;
            this.hard = hard;
        }

        /** {@code RLIMIT_*} of the kernel on x86-64 and arm64. */
        public int number() {
            return number;
        }

        /** What a program has if nothing is asked for. */
        public Rlimit byDefault() {
            return new Rlimit(this, soft, hard);
        }
    }
}
