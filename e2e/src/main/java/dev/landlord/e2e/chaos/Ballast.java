package dev.landlord.e2e.chaos;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;

/** Fills a disk to its last byte, and frees it again. */
final class Ballast {
    private static final int PIECE_BYTES = 1 << 16;

    private final Path file;

    Ballast(Path disk) {
        this.file = disk.resolve("ballast");
    }

    /** Returns how many bytes it took. Pieces become smaller, so that nothing is left in the end. */
    long fill() throws IOException {
        long filled = 0;
        int piece = PIECE_BYTES;
        try (OutputStream out = Files.newOutputStream(file)) {
            while (piece > 0) {
                try {
                    out.write(new byte[piece]);
                    filled += piece;
                } catch (IOException full) {
                    requireFull(full);
                    piece /= 16;
                }
            }
        }
        return filled;
    }

    private static void requireFull(IOException failure) throws IOException {
        String words = String.valueOf(failure.getMessage()).toLowerCase(Locale.ROOT);
        if (!words.contains("no space left")) {
            throw failure;
        }
    }

    void free() throws IOException {
        Files.deleteIfExists(file);
    }
}
