package dev.landlord.e2e.fault;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;

/** Lists of faults. */
public final class Schedule {
    private static final long FIRST_MILLIS = 1_000;
    private static final long LEAST_PAUSE_MILLIS = 1_000;
    private static final long MOST_PAUSE_MILLIS = 4_000;
    private static final int PICKS = 1 << 16;

    private Schedule() {}

    /** Each of these kinds once, in an order and with pauses that follow from the seed; lengths are the usual ones. */
    public static List<Fault> of(long seed, List<FaultKind> kinds) {
        return of(seed, kinds, Long.MAX_VALUE);
    }

    /** @param mostMillis that a fault lasts, also where it usually lasts longer */
    public static List<Fault> of(long seed, List<FaultKind> kinds, long mostMillis) {
        SplittableRandom random = new SplittableRandom(seed);
        List<FaultKind> left = new ArrayList<>(kinds);
        List<Fault> faults = new ArrayList<>();
        long at = FIRST_MILLIS;
        while (!left.isEmpty()) {
            FaultKind kind = left.remove(random.nextInt(left.size()));
            long length = Math.min(mostMillis, kind.usualMillis());
            faults.add(new Fault(kind, at, length, random.nextInt(PICKS)));
            at += length + random.nextLong(LEAST_PAUSE_MILLIS, MOST_PAUSE_MILLIS);
        }
        return List.copyOf(faults);
    }
}
