package dev.landlord.agent.image.archive;

import dev.landlord.agent.image.tree.Attributes;
import dev.landlord.agent.image.tree.RawName;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarConstants;

/** What one tar header asks for, after the rules. Pure. */
sealed interface TarMember {
    record File(RawName name, Attributes attributes, long size) implements TarMember {}

    record Directory(RawName name, Attributes attributes) implements TarMember {}

    record Symlink(RawName name, RawName target, Attributes attributes) implements TarMember {}

    record HardLink(RawName name, RawName existing) implements TarMember {}

    /** The root itself, or a header that says nothing about one entry. */
    record Nothing() implements TarMember {}

    record Forbidden(String reason) implements TarMember {}

    static TarMember of(TarArchiveEntry entry) {
        if (entry.getName().indexOf('\uFFFD') >= 0 || entry.getLinkName().indexOf('\uFFFD') >= 0) {
            return new Forbidden("the name is not valid UTF-8");
        }
        RawName raw = RawName.ofText(entry.getName());
        if (raw.isAbsolute()) {
            return new Forbidden("the name is absolute");
        }
        if (raw.components().stream().anyMatch(RawName::isParentStep)) {
            return new Forbidden("the name leaves the image (..)");
        }
        if (!isId(entry.getLongUserId()) || !isId(entry.getLongGroupId())) {
            return new Forbidden(
                    "owner " + entry.getLongUserId() + ":" + entry.getLongGroupId() + " is not between 0 and 65535");
        }
        return of(entry, RawName.join(raw.components()));
    }

    private static TarMember of(TarArchiveEntry entry, RawName name) {
        Attributes attributes = new Attributes(
                entry.getMode() & 07777,
                (int) entry.getLongUserId(),
                (int) entry.getLongGroupId(),
                entry.getLastModifiedTime());
        return switch (entry.getLinkFlag()) {
            case TarConstants.LF_DIR -> directory(name, attributes);
            case TarConstants.LF_NORMAL,
                    TarConstants.LF_OLDNORM,
                    TarConstants.LF_CONTIG,
                    TarConstants.LF_GNUTYPE_SPARSE -> // the
                // V7 format has no type for directories, only the slash
                entry.getName().endsWith("/")
                        ? directory(name, attributes)
                        : new File(name, attributes, entry.getRealSize());
            case TarConstants.LF_SYMLINK -> new Symlink(name, RawName.ofText(entry.getLinkName()), attributes);
            case TarConstants.LF_LINK -> hardLink(name, RawName.ofText(entry.getLinkName()));
            case TarConstants.LF_CHR, TarConstants.LF_BLK ->
                new Forbidden(
                        "is a device; leave /dev out of the archive (tar --exclude='./dev/*'), every sandbox gets its own");
            case TarConstants.LF_FIFO -> new Forbidden("is a named pipe");
            default -> new Forbidden("has the unknown type " + Byte.toUnsignedInt(entry.getLinkFlag()));
        };
    }

    private static TarMember directory(RawName name, Attributes attributes) {
        return name.length() == 0 ? new Nothing() : new Directory(name, attributes);
    }

    private static TarMember hardLink(RawName name, RawName existing) {
        boolean escapes =
                existing.isAbsolute() || existing.components().stream().anyMatch(RawName::isParentStep);
        return escapes
                ? new Forbidden("hard link to " + existing + ", which leaves the image")
                : new HardLink(name, RawName.join(existing.components()));
    }

    private static boolean isId(long id) {
        return id >= 0 && id <= 65_535;
    }
}
