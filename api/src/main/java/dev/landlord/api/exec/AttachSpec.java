package dev.landlord.api.exec;

import org.jspecify.annotations.Nullable;

/**
 * Sitting down in front of an allocation's own program: what it writes from now on, what it reads, and its end. It goes on when
 * whoever sits there leaves, or has nothing more to type.
 *
 * @param terminal the client's, whose size the program's terminal gets, if it has one; its type is the program's own matter;
 *     null: none
 */
public record AttachSpec(@Nullable ExecTerminal terminal) {}
