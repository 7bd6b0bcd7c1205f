package dev.landlord.agent.ledger;

import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** The ledger could not be read or written: operation, file, reason. */
public final class LedgerException extends RuntimeException {
    LedgerException(String operation, Path file, String reason, @Nullable Throwable cause) {
        super(operation + " " + file + ": " + reason, cause);
    }
}
