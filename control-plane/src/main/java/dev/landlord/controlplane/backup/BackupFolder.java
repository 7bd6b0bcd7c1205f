package dev.landlord.controlplane.backup;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/**
 * Where the copies lie: beside the store, because the control plane may write nowhere else. Whoever keeps copies takes them
 * from there to another disk.
 */
public record BackupFolder(Path path) {
    /** More would fill the disk of the store. */
    static final int KEPT = 7;

    private static final String UNFINISHED = "unfinished.db";

    Path unfinished() throws IOException {
        Files.createDirectories(
                path, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
        Path file = path.resolve(UNFINISHED);
        // Of an earlier try that was killed.
        Files.deleteIfExists(file);
        Files.createFile(file, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
        return file;
    }

    /** Gives the copy its name once every byte of it is on the disk, and lets the oldest go. */
    Path keep(Path unfinished, long atMillis, long revision) throws IOException {
        Path file = unused(atMillis, revision);
        Copy.sync(unfinished);
        Files.move(unfinished, file);
        Copy.sync(path);
        List<Path> all = all();
        for (Path old : all.subList(0, Math.max(0, all.size() - KEPT))) {
            Files.delete(old);
        }
        return file;
    }

    private Path unused(long atMillis, long revision) {
        long millis = atMillis;
        while (Files.exists(path.resolve(name(millis, revision)))) {
            millis++;
        }
        return path.resolve(name(millis, revision));
    }

    private static String name(long atMillis, long revision) {
        return "landlord-%013d-%d.db".formatted(atMillis, revision);
    }

    private List<Path> all() throws IOException {
        try (Stream<Path> files = Files.list(path)) {
            return files.filter(file -> file.getFileName().toString().matches("landlord-\\d{13}-\\d+\\.db"))
                    .sorted(Comparator.comparing(file -> file.getFileName().toString()))
                    .toList();
        }
    }
}
