package dev.landlord.runtime.netlink;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * One message of the kernel.
 *
 * @param sequence number of the request that it answers
 * @param errno of {@link #ERROR}: 0 for an acknowledgement
 * @param payload behind the header
 */
@SuppressWarnings("ArrayRecordComponent") // compared by nobody
public record NetlinkAnswer(int type, int sequence, int errno, byte[] payload) {
    public static final int ERROR = 2;
    public static final int DONE = 3;

    private static final int HEADER = 16;
    private static final int TYPE_MASK = 0x3FFF;

    /** The messages of one datagram. */
    public static List<NetlinkAnswer> parse(byte[] datagram) {
        List<NetlinkAnswer> answers = new ArrayList<>();
        ByteBuffer in = ByteBuffer.wrap(datagram).order(ByteOrder.nativeOrder());
        while (in.remaining() >= HEADER) {
            int start = in.position();
            int length = in.getInt(start);
            if (length < HEADER || length > in.remaining()) {
                throw new IllegalArgumentException("netlink: a message of " + length + " bytes in " + in.remaining());
            }
            int type = in.getShort(start + 4);
            byte[] payload = new byte[length - HEADER];
            in.get(start + HEADER, payload);
            int errno = type == ERROR && payload.length >= 4 ? -in.getInt(start + HEADER) : 0;
            answers.add(new NetlinkAnswer(type, in.getInt(start + 8), errno, payload));
            in.position(Math.min(in.limit(), start + ((length + 3) & ~3)));
        }
        return answers;
    }

    /** Attributes that begin at an offset of the payload, by type; of repeated ones the last. */
    Map<Integer, byte[]> attributes(int offset) {
        return attributes(payload, offset);
    }

    static Map<Integer, byte[]> attributes(byte[] bytes, int offset) {
        Map<Integer, byte[]> found = new HashMap<>();
        ByteBuffer in = ByteBuffer.wrap(bytes).order(ByteOrder.nativeOrder());
        int at = offset;
        while (at + 4 <= bytes.length) {
            int length = Short.toUnsignedInt(in.getShort(at));
            if (length < 4 || at + length > bytes.length) {
                throw new IllegalArgumentException("netlink: an attribute of " + length + " bytes");
            }
            byte[] value = new byte[length - 4];
            in.get(at + 4, value);
            found.put(in.getShort(at + 2) & TYPE_MASK, value);
            at += (length + 3) & ~3;
        }
        return found;
    }

    static int number(byte[] value) {
        return ByteBuffer.wrap(value).order(ByteOrder.nativeOrder()).getInt();
    }
}
