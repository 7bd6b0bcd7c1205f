package dev.landlord.agent.sync;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.UUID;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Which process of this agent reports, and which one the control plane heard before. A process that can name its
 * predecessor need not wait until that one counts as silent; the state directory, which one process uses at a time, is
 * where the name is kept. For one thread.
 */
public final class AgentRun {
    private static final Logger LOG = LoggerFactory.getLogger(AgentRun.class);
    private static final Pattern FORM = Pattern.compile("[A-Za-z0-9-]{1,64}");
    private static final int MAX_BYTES = 128;

    private final Path file;
    private final String current;
    private final @Nullable String previous;
    private boolean heard;

    private AgentRun(Path file, String current, @Nullable String previous) {
        this.file = file;
        this.current = current;
        this.previous = previous;
    }

    /** @param file of the state directory; a missing or broken one only costs the wait */
    public static AgentRun begin(Path file) {
        return new AgentRun(file, UUID.randomUUID().toString(), read(file));
    }

    private static @Nullable String read(Path file) {
        try {
            String text =
                    Files.size(file) > MAX_BYTES ? "" : Files.readString(file).strip();
            if (FORM.matcher(text).matches()) {
                return text;
            }
            LOG.warn("{} names no run; the first report may have to wait", file);
        } catch (NoSuchFileException e) {
            LOG.debug("{} is absent: no run was heard before", file);
        } catch (IOException e) {
            LOG.warn("read {}: {}; the first report may have to wait", file, e.toString());
        }
        return null;
    }

    String current() {
        return current;
    }

    @Nullable
    String previous() {
        return previous;
    }

    /**
     * The control plane has taken a report of this run, so it is the one that a successor follows. Not before: until then it
     * is the predecessor that the control plane knows.
     */
    void heard() {
        if (heard) {
            return;
        }
        // Tried once: the next process names itself, and a full disk is no reason to say this with every report.
        heard = true;
        Path fresh = file.resolveSibling(file.getFileName() + ".new");
        try {
            Files.writeString(fresh, current + "\n");
            Files.move(fresh, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        } catch (IOException e) {
            LOG.warn("write {}: {}; the first report of the next start may have to wait", file, e.toString());
        }
    }
}
