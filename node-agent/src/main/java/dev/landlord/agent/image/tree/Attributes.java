package dev.landlord.agent.image.tree;

import java.nio.file.attribute.FileTime;

/**
 * What a node carries beside its name and content. Extended attributes (file capabilities, ACLs, labels) are not kept:
 * no_new_privs makes the first useless and the others belong to the host.
 *
 * @param mode permission bits, 0 to 07777; setuid and setgid are data here
 * @param uid id inside the sandbox, 0 to 65535
 * @param gid likewise
 */
public record Attributes(int mode, int uid, int gid, FileTime modified) {
    private static final FileTime EPOCH = FileTime.fromMillis(0);

    /** Of root, and with the epoch as its time. */
    public static Attributes ofRoot(int mode) {
        return new Attributes(mode, 0, 0, EPOCH);
    }

    public static Attributes of(Node node) {
        return new Attributes(node.mode(), node.uid(), node.gid(), node.modified());
    }
}
