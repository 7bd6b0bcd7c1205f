package dev.landlord.api.rlimit;

import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * A limit of getrlimit(2), of each process of a replica.
 *
 * @param soft where the program starts, at most {@code hard}; null for none
 * @param hard how far it may raise that, at most {@link Resource#most}; null for none
 */
public record Rlimit(@Nullable Long soft, @Nullable Long hard) {
    /**
     * What every program is given, of which one may ask for less; in units of getrlimit(2). Time limits are not among them: our
     * init has the limits of its program, and is given up with it for time that the program did not use.
     *
     * <p>What was once taken is read again from stores and ledgers: raise no {@code least}, and lower no {@code most}. Another
     * resource needs a capability of its own, because agents that do not know it cannot read what they are told.
     */
    public enum Resource {
        FSIZE(0, null, null),
        DATA(0, null, null),
        STACK(0, 8L << 20, null),
        CORE(0, 0L, 0L),
        /** Our init has the program's user, and so has whoever is started beside the program. */
        NPROC(4, 32_784L, 32_784L),
        /** What puts a program into its sandbox needs some itself, up to the program's begin. */
        NOFILE(32, 1024L, 65_536L),
        MEMLOCK(0, 65_536L, 65_536L),
        AS(0, null, null),
        SIGPENDING(0, 1024L, 1024L),
        MSGQUEUE(0, 819_200L, 819_200L),
        NICE(0, 0L, 0L),
        RTPRIO(0, 0L, 0L);

        private final long least;
        private final @Nullable Long usual;
        private final @Nullable Long most;

        Resource(long least, @Nullable Long usual, @Nullable Long most) {
            this.least = least;
            this.usual = usual;
            this.most = most;
        }

        /** What no program can be started with less of. */
        public long least() {
            return least;
        }

        /** Where a program starts whose hard limit allows it; null for no limit. */
        public @Nullable Long usual() {
            return usual;
        }

        /** What nobody gets more of; null for no limit. */
        public @Nullable Long most() {
            return most;
        }

        /** As prlimit(1) has it. */
        public String wire() {
            return name().toLowerCase(Locale.ROOT);
        }
    }
}
