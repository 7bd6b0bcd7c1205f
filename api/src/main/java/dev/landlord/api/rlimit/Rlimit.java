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
    /** What every program is given, of which one may ask for less; in units of getrlimit(2). */
    public enum Resource {
        CPU(null, null),
        FSIZE(null, null),
        DATA(null, null),
        STACK(8L << 20, null),
        CORE(0L, 0L),
        NPROC(32_784L, 32_784L),
        NOFILE(1024L, 65_536L),
        MEMLOCK(65_536L, 65_536L),
        AS(null, null),
        SIGPENDING(1024L, 1024L),
        MSGQUEUE(819_200L, 819_200L),
        NICE(0L, 0L),
        RTPRIO(0L, 0L),
        RTTIME(null, null);

        private final @Nullable Long usual;
        private final @Nullable Long most;

        Resource(@Nullable Long usual, @Nullable Long most) {
            this.usual = usual;
            this.most = most;
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
