package dev.landlord.cli.session;

import dev.landlord.cli.failure.CommandFailure;
import dev.landlord.cli.failure.ExitCode;
import java.time.Duration;
import java.util.function.BooleanSupplier;

/** Waits for something on the server, asking again and again, ever more slowly. */
public final class Patience {
    private static final long FIRST_MILLIS = 50;
    private static final long LONGEST_MILLIS = 1000;

    private Patience() {}

    /** Throws a timed-out failure that names what was waited for. */
    public static void until(Session session, int seconds, String what, BooleanSupplier reached) {
        long deadline = System.nanoTime() + Duration.ofSeconds(seconds).toNanos();
        long pause = FIRST_MILLIS;
        while (!reached.getAsBoolean()) {
            if (System.nanoTime() - deadline >= 0) {
                throw new CommandFailure(ExitCode.TIMED_OUT, "waited " + seconds + " s, not yet: " + what);
            }
            sleep(pause);
            pause = Math.min(LONGEST_MILLIS, pause * 3 / 2);
        }
    }

    public static void sleep(long millis) {
        try {
            Thread.sleep(millis);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new CommandFailure(ExitCode.INTERRUPTED, "interrupted", e);
        }
    }
}
