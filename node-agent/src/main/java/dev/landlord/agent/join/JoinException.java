package dev.landlord.agent.join;

import org.jspecify.annotations.Nullable;

/** This node cannot join, and trying again as it is will not help; the message says what is wrong with what. */
public final class JoinException extends RuntimeException {
    JoinException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
