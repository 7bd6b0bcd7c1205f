package dev.landlord.agent.image.archive;

import dev.landlord.agent.image.tree.ImageException;
import java.io.IOException;
import java.io.InputStream;
import java.util.Locale;
import org.apache.commons.compress.compressors.gzip.GzipCompressorInputStream;
import org.apache.commons.compress.compressors.xz.XZCompressorInputStream;

/** How a tar file is packed, by its first bytes and never by its name. */
enum Compression {
    NONE(""),
    GZIP("1f8b"),
    XZ("fd377a585a00"),
    ZSTD("28b52ffd"),
    BZIP2("425a68"),
    ZIP("504b0304");

    /** The decoder's dictionary: {@code xz -9} needs 65 MiB. */
    private static final int XZ_MEMORY_KIB = 128 * 1024;

    private final String magic;

    Compression(String magic) {
        this.magic = magic;
    }

    /** @param head the first bytes of the file in hex, fewer if it is shorter */
    static Compression of(String head) {
        for (Compression candidate : values()) {
            if (candidate != NONE && head.startsWith(candidate.magic)) {
                return candidate;
            }
        }
        return NONE;
    }

    /** The tar stream within; several members one after the other are one stream. */
    InputStream open(InputStream packed, String archive) throws IOException {
        return switch (this) {
            case NONE -> packed;
            case GZIP ->
                GzipCompressorInputStream.builder()
                        .setInputStream(packed)
                        .setDecompressConcatenated(true)
                        .get();
            case XZ ->
                XZCompressorInputStream.builder()
                        .setInputStream(packed)
                        .setDecompressConcatenated(true)
                        .setMemoryLimitKiB(XZ_MEMORY_KIB)
                        .get();
            case ZSTD, BZIP2, ZIP ->
                throw new ImageException(
                        "extract",
                        archive,
                        "is packed with " + name().toLowerCase(Locale.ROOT) + "; unpack it, or use gzip or xz");
        };
    }
}
