package dev.landlord.controlplane.revision;

import dev.landlord.controlplane.store.Database;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.zip.CRC32C;

/**
 * Entity tags, in their quotes. The first part is the state of the row: the incarnation of the database, because a restored
 * one counts anew, and the number. What is only observed makes a second part: it counts for whether a copy is fresh, and not
 * for whether a change is meant for this state.
 */
public final class EntityTag {
    private EntityTag() {}

    public static String of(Database database, long revision) {
        return quoted(row(database.incarnation(), revision));
    }

    /** @param observed whatever is shown beside the row; its {@code toString} must say all of it */
    public static String of(Database database, long revision, Object observed) {
        CRC32C sum = new CRC32C();
        sum.update(observed.toString().getBytes(StandardCharsets.UTF_8));
        String digest = HexFormat.of().toHexDigits((int) sum.getValue());
        return quoted(row(database.incarnation(), revision) + "." + digest);
    }

    static String row(String incarnation, long revision) {
        return incarnation + "." + revision;
    }

    /** Whether a tag, without its quotes, is one of that state of the row. */
    static boolean isOf(String tag, String row) {
        return tag.equals(row) || tag.startsWith(row + ".");
    }

    static String quoted(String tag) {
        return '"' + tag + '"';
    }
}
