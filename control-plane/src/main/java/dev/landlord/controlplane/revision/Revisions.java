package dev.landlord.controlplane.revision;

import org.springframework.jdbc.core.simple.JdbcClient;

/** The numbers that states of rows get. */
public final class Revisions {
    private Revisions() {}

    /** A number that no row had before, greater than all of them. For whoever changes a row, within that write. */
    public static long next(JdbcClient writer) {
        return writer.sql("UPDATE row_counter SET last = last + 1 WHERE id = 1 RETURNING last")
                .query(Long.class)
                .single();
    }
}
