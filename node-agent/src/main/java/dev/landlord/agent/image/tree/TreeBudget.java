package dev.landlord.agent.image.tree;

import java.util.List;

/** Counts what is put into one tree and refuses the node that goes over a limit. Not thread-safe. */
final class TreeBudget {
    private final TreeLimits limits;
    private long entries;
    private long bytes;

    TreeBudget(TreeLimits limits) {
        this.limits = limits;
    }

    /** Counts one node, and holds its name to the rules. */
    void entry(RawName name) throws ImageException {
        if (++entries > limits.entries()) {
            throw refusal(name, "more than " + limits.entries() + " entries");
        }
        checkName(name);
    }

    void bytes(RawName name, long count) throws ImageException {
        bytes += count;
        if (bytes > limits.bytes()) {
            throw refusal(name, "more than " + limits.bytes() + " bytes in all");
        }
    }

    /** For a size that was announced: refuses before anything is written. */
    void checkRoom(RawName name, long size) throws ImageException {
        if (size < 0 || size > limits.bytes() - bytes) {
            throw refusal(name, "more than " + limits.bytes() + " bytes in all");
        }
    }

    private void checkName(RawName name) throws ImageException {
        List<RawName> parts = name.components();
        if (parts.isEmpty()
                || name.octets().indexOf('\0') >= 0
                || !RawName.join(parts).equals(name)) {
            throw refusal(name, "the name is empty, absolute, not canonical or has a NUL");
        }
        if (name.length() > limits.pathBytes()) {
            throw refusal(name, "the path is longer than " + limits.pathBytes() + " bytes");
        }
        if (parts.size() > limits.depth()) {
            throw refusal(name, "deeper than " + limits.depth() + " directories");
        }
        for (RawName part : parts) {
            if (part.isParentStep()) {
                throw refusal(name, "the name leaves the image (..)");
            }
            if (part.length() > limits.nameBytes()) {
                throw refusal(name, "a name is longer than " + limits.nameBytes() + " bytes");
            }
        }
    }

    private static ImageException refusal(RawName name, String reason) {
        return new ImageException("entry", name.toString(), reason);
    }
}
