package dev.landlord.runtime.plan;

/**
 * Messages for netlink(7) that are sent together.
 *
 * @param batch ready to be sent, but for the process id
 * @param pidOffset where in the batch the id of the child goes, {@link #NO_PID} for nowhere
 * @param answers how many of the messages the kernel acknowledges
 */
@SuppressWarnings("ArrayRecordComponent") // handed on as it is; compared by nobody
public record NetlinkRequest(byte[] batch, int pidOffset, int answers) {
    public static final int NO_PID = -1;
}
