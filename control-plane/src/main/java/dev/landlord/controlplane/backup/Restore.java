package dev.landlord.controlplane.backup;

import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.SQLException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Makes a store of a copy, as another incarnation. Overwrites nothing. */
public final class Restore {
    private static final Logger LOG = LoggerFactory.getLogger(Restore.class);

    private Restore() {}

    /**
     * Puts the copy in place. Until it stands there whole, there is no store.
     *
     * @param name of the store in the folder; must not be there, nor its journal
     * @param incarnation of the new life
     * @throws IOException with one sentence that names the file and what is wrong with it
     */
    public static void into(Path folder, String name, Path copy, String incarnation) throws IOException {
        for (String suffix : new String[] {"", "-wal", "-shm"}) {
            Path taken = folder.resolve(name + suffix);
            if (Files.exists(taken)) {
                throw new FileAlreadyExistsException(taken + " is there already, and nothing is overwritten");
            }
        }
        if (!Files.isRegularFile(copy)) {
            throw new IOException(copy + " is not a file");
        }
        Path store = folder.resolve(name);
        Path unfinished = folder.resolve(name + ".restoring");
        try {
            Files.copy(copy, unfinished, StandardCopyOption.REPLACE_EXISTING);
            Files.setPosixFilePermissions(unfinished, PosixFilePermissions.fromString("rw-------"));
            Copy.Identity was = new Copy(unfinished).check();
            new Copy(unfinished).begin(incarnation);
            Copy.sync(unfinished);
            // Unlike a move, a link does not replace what somebody else has put there meanwhile.
            Files.createLink(store, unfinished);
            Copy.sync(folder);
            LOG.warn("Restored {} of {} at revision {}; it is {} now", store, copy, was.revision(), incarnation);
        } catch (SQLException invalid) {
            throw new IOException(copy + " cannot be restored: " + invalid.getMessage(), invalid);
        } finally {
            Files.deleteIfExists(unfinished);
        }
    }
}
