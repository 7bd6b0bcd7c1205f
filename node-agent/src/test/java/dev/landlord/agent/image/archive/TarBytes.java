package dev.landlord.agent.image.archive;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.function.Consumer;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveOutputStream;
import org.apache.commons.compress.archivers.tar.TarConstants;

/** Makes archives that no tar would: any name, any type, any order. */
final class TarBytes {
    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    private final TarArchiveOutputStream tar = new TarArchiveOutputStream(bytes, "UTF-8");

    TarBytes() {
        tar.setLongFileMode(TarArchiveOutputStream.LONGFILE_POSIX);
        tar.setBigNumberMode(TarArchiveOutputStream.BIGNUMBER_POSIX);
    }

    TarBytes file(String name, String content) {
        return file(name, content, entry -> {});
    }

    TarBytes file(String name, String content, Consumer<TarArchiveEntry> change) {
        return add(TarConstants.LF_NORMAL, name, content, change);
    }

    TarBytes directory(String name) {
        return add(TarConstants.LF_DIR, name + "/", "", entry -> entry.setMode(0755));
    }

    TarBytes symlink(String name, String target) {
        return add(TarConstants.LF_SYMLINK, name, "", entry -> entry.setLinkName(target));
    }

    TarBytes hardLink(String name, String target) {
        return add(TarConstants.LF_LINK, name, "", entry -> entry.setLinkName(target));
    }

    TarBytes special(byte type, String name) {
        return add(type, name, "", entry -> {});
    }

    /** GNU's header for the name of the next entry. */
    TarBytes longName(String name) {
        return add(TarConstants.LF_GNUTYPE_LONGNAME, TarConstants.GNU_LONGLINK, name, entry -> {});
    }

    private TarBytes add(byte type, String name, String content, Consumer<TarArchiveEntry> change) {
        try {
            byte[] data = content.getBytes(UTF_8);
            // The last argument keeps an absolute name as it is.
            TarArchiveEntry entry = new TarArchiveEntry(name, type, true);
            entry.setSize(data.length);
            entry.setMode(0644);
            // A fraction of a second would need an extended header.
            entry.setModTime(0L);
            change.accept(entry);
            tar.putArchiveEntry(entry);
            tar.write(data);
            tar.closeArchiveEntry();
            return this;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    byte[] build() throws IOException {
        tar.close();
        return bytes.toByteArray();
    }

    Path write(Path file) throws IOException {
        return Files.write(file, build());
    }

    /** Through a compressor. */
    Path write(Path file, Packer packer) throws IOException {
        try (OutputStream out = packer.wrap(Files.newOutputStream(file))) {
            out.write(build());
        }
        return file;
    }

    /** A constructor of a compressing stream. */
    interface Packer {
        OutputStream wrap(OutputStream out) throws IOException;
    }
}
