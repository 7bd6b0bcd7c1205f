package dev.landlord.agent.image.archive;

import dev.landlord.agent.image.tree.ImageException;
import dev.landlord.agent.image.tree.RawName;
import dev.landlord.agent.image.tree.TreeWriter;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.Objects;
import java.util.Optional;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;

/** Extracts one archive. The first thing wrong with it ends everything; the caller throws the tree away. */
public final class TarExtraction {
    /** For everything between two contents: padding, long names, extended headers, the map of a sparse file. */
    private static final long HEADER_BYTES = 1 << 20;
    /** Writers pad the archive to a multiple of their block, at most some megabytes. */
    private static final long TRAILER_BYTES = 64 << 20;

    private static final int MAGIC_BYTES = 6;
    private static final int BUFFER_BYTES = 256 * 1024;

    private final Path archive;
    private final TreeWriter writer;
    private final MeteredInput metered;

    private TarExtraction(Path archive, TreeWriter writer, MeteredInput metered) {
        this.archive = archive;
        this.writer = writer;
        this.metered = metered;
    }

    /** @param writer of an empty tree; its limits bound the extraction */
    public static void extract(Path archive, TreeWriter writer) throws IOException {
        try (InputStream file = new BufferedInputStream(Files.newInputStream(archive), BUFFER_BYTES);
                InputStream plain = compressionOf(file).open(file, archive.toString());
                MeteredInput metered = new MeteredInput(new BufferedInputStream(plain, BUFFER_BYTES))) {
            metered.grant(HEADER_BYTES);
            new TarExtraction(archive, writer, metered).extract();
        } catch (IOException e) {
            throw ImageException.of("extract", archive.toString(), e);
        }
    }

    private static Compression compressionOf(InputStream file) throws IOException {
        file.mark(MAGIC_BYTES);
        byte[] head = file.readNBytes(MAGIC_BYTES);
        file.reset();
        return Compression.of(HexFormat.of().formatHex(head));
    }

    private void extract() throws IOException {
        try (TarArchiveInputStream tar = new TarArchiveInputStream(metered, "UTF-8")) {
            for (Optional<TarArchiveEntry> entry = next(tar); entry.isPresent(); entry = next(tar)) {
                add(entry.get(), tar);
            }
            checkEnd();
        }
    }

    private Optional<TarArchiveEntry> next(TarArchiveInputStream tar) throws IOException {
        metered.grant(HEADER_BYTES);
        try {
            Optional<TarArchiveEntry> entry = Optional.ofNullable(tar.getNextEntry());
            // The parser computes the checksum and leaves the judgement to its caller.
            if (entry.isPresent() && !entry.get().isCheckSumOK()) {
                throw new IOException("wrong checksum in a header");
            }
            return entry;
        } catch (IOException e) {
            throw refusal("is broken or cut off: " + Objects.requireNonNullElse(e.getMessage(), "unreadable header"));
        } catch (RuntimeException e) {
            // The parser lets some malformed numbers through as unchecked exceptions.
            throw refusal("is broken: " + e.getClass().getSimpleName() + " in a header");
        }
    }

    private void add(TarArchiveEntry entry, TarArchiveInputStream tar) throws IOException {
        metered.grant(Long.MAX_VALUE);
        try {
            switch (TarMember.of(entry)) {
                case TarMember.File file -> writer.file(file.name(), file.attributes(), file.size(), tar);
                case TarMember.Directory directory -> writer.directory(directory.name(), directory.attributes());
                case TarMember.Symlink link -> writer.symlink(link.name(), link.target(), link.attributes());
                case TarMember.HardLink link -> writer.hardLink(link.name(), link.existing());
                case TarMember.Nothing ignored -> {}
                case TarMember.Forbidden forbidden ->
                    throw new ImageException("entry", nameOf(entry), forbidden.reason());
            }
        } catch (IOException e) {
            throw refusal(ImageException.of("entry", nameOf(entry), e).getMessage());
        }
    }

    private static String nameOf(TarArchiveEntry entry) {
        return RawName.ofText(entry.getName()).toString();
    }

    /** Without this, an archive that was cut between two entries would pass as a smaller image. */
    private void checkEnd() throws IOException {
        if (metered.count() == 0) {
            throw refusal("is empty");
        }
        if (!metered.endsWithZeroRecord()) {
            throw refusal("is cut off or not a tar file: it has no end marker");
        }
        metered.grant(TRAILER_BYTES);
        // The checksum of a compressed stream is only compared at its end.
        metered.skip(TRAILER_BYTES - 1);
    }

    private ImageException refusal(String reason) {
        return new ImageException("extract", archive.toString(), reason);
    }
}
