package dev.landlord.runtime.netlink;

import dev.landlord.runtime.Ipv4;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * Writes messages one behind the other, netlink(7), numbered from 1. The last one asks for an acknowledgement; a failed one
 * is always told. Lengths are filled in when a message or a nest ends.
 */
final class NetlinkWriter {
    static final int REQUEST = 1;
    static final int ACK = 4;
    static final int EXCLUSIVE = 0x200;
    static final int CREATE = 0x400;
    static final int REPLACE = 0x100;
    static final int DUMP = 0x300;

    private static final int NESTED = 0x8000;
    private static final int FLAGS_OFFSET = 6;

    private ByteBuffer out = ByteBuffer.allocate(512).order(ByteOrder.nativeOrder());
    private int message = -1;
    private int sequence;

    NetlinkWriter begin(int type, int flags) {
        endMessage();
        message = out.position();
        reserve(16);
        out.putInt(0)
                .putShort((short) type)
                .putShort((short) (REQUEST | flags))
                .putInt(++sequence)
                .putInt(0);
        return this;
    }

    private void endMessage() {
        if (message >= 0) {
            out.putInt(message, out.position() - message);
        }
    }

    NetlinkWriter u8(int value) {
        reserve(1);
        out.put((byte) value);
        return this;
    }

    NetlinkWriter u16(int value) {
        reserve(2);
        out.putShort((short) value);
        return this;
    }

    NetlinkWriter u32(int value) {
        reserve(4);
        out.putInt(value);
        return this;
    }

    NetlinkWriter attribute(int type, byte[] value) {
        int padded = (value.length + 3) & ~3;
        reserve(4 + padded);
        out.putShort((short) (4 + value.length)).putShort((short) type).put(value);
        out.put(new byte[padded - value.length]);
        return this;
    }

    NetlinkWriter attribute(int type, String value) {
        return attribute(type, (value + "\0").getBytes(StandardCharsets.US_ASCII));
    }

    NetlinkWriter attribute(int type, int value) {
        return attribute(
                type,
                ByteBuffer.allocate(4)
                        .order(ByteOrder.nativeOrder())
                        .putInt(value)
                        .array());
    }

    NetlinkWriter attribute(int type, Ipv4 value) {
        return attribute(type, networkOrder(value.bits()));
    }

    static byte[] networkOrder(int value) {
        return ByteBuffer.allocate(4).putInt(value).array();
    }

    /** Returns where the nest is, for {@link #close}. */
    int nest(int type) {
        int at = out.position();
        reserve(4);
        out.putShort((short) 0).putShort((short) (type | NESTED));
        return at;
    }

    NetlinkWriter close(int nest) {
        int length = out.position() - nest;
        if (length > 0xFFFF) {
            throw new IllegalArgumentException("an attribute of " + length + " bytes is too long for netlink");
        }
        out.putShort(nest, (short) length);
        return this;
    }

    int position() {
        return out.position();
    }

    byte[] bytes() {
        endMessage();
        return Arrays.copyOf(out.array(), out.position());
    }

    /** All messages, the current one asking to be acknowledged. */
    byte[] acknowledged() {
        out.putShort(message + FLAGS_OFFSET, (short) (out.getShort(message + FLAGS_OFFSET) | ACK));
        return bytes();
    }

    private void reserve(int size) {
        if (out.remaining() < size) {
            ByteBuffer larger = ByteBuffer.allocate(Math.max(2 * out.capacity(), out.position() + size))
                    .order(out.order());
            larger.put(out.flip());
            out = larger;
        }
    }
}
