package dev.landlord.agent.reconcile;

import dev.landlord.api.id.Generation;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The operator's word, on the host itself: a file with the one generation that may be accepted although it is held. Used
 * up when it was followed.
 */
public final class Confirmation {
    private static final int MAX_BYTES = 256;
    private static final Logger LOG = LoggerFactory.getLogger(Confirmation.class);

    private final Path file;

    public Confirmation(Path file) {
        this.file = file;
    }

    /** Null when there is none, or none that can be understood. */
    @Nullable
    Generation read() {
        try {
            if (Files.size(file) > MAX_BYTES) {
                LOG.warn("{} is not a generation: it has more than {} bytes", file, MAX_BYTES);
                return null;
            }
            return Generation.parse(Files.readString(file).strip());
        } catch (NoSuchFileException e) {
            return null;
        } catch (IOException | IllegalArgumentException e) {
            LOG.warn("{} is not a generation: {}", file, e.toString());
            return null;
        }
    }

    void usedUp() {
        try {
            Files.deleteIfExists(file);
        } catch (IOException e) {
            LOG.warn("delete {}: {}; it confirms nothing any more", file, e.toString());
        }
    }

    /** What to tell an operator who wants this generation. */
    String howTo(Generation generation) {
        return "to accept it: echo " + generation + " > " + file;
    }
}
