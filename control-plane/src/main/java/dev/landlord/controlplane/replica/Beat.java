package dev.landlord.controlplane.replica;

import org.springframework.jdbc.core.simple.JdbcClient;

/** Something that each replica stores once in a while, together with its sign of life, and that is no news to anybody. */
public interface Beat {
    /**
     * Writes within the caller's transaction.
     *
     * @param replica id of this one
     * @param now by the clock of the database, epoch milliseconds
     * @return what is to be done when it is durable
     */
    Runnable store(JdbcClient writer, String replica, long now);
}
