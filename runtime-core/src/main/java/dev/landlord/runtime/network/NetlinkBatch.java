package dev.landlord.runtime.network;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.Deque;

/**
 * Messages of netlink(7) under construction: headers, fixed parts and attributes, each padded to four bytes. Numbers of the
 * kernel's own are little-endian, as on x86-64; those that travel on networks are written by the caller as bytes. Pure.
 */
final class NetlinkBatch {
    private static final int REQUEST = 1;
    private static final int ACKNOWLEDGE = 4;
    private static final int NESTED = 0x8000;

    private byte[] bytes = new byte[512];
    private int size;
    private int messageAt = -1;
    private int answers;
    private int sequence;
    private final Deque<Integer> open = new ArrayDeque<>();

    /** Begins a message that the kernel answers. */
    NetlinkBatch message(int type, int flags) {
        answers++;
        return begin(type, REQUEST | ACKNOWLEDGE | flags);
    }

    /** Begins one that has no answer of its own. */
    NetlinkBatch unanswered(int type, int flags) {
        return begin(type, REQUEST | flags);
    }

    private NetlinkBatch begin(int type, int flags) {
        finish();
        messageAt = size;
        return u32(0).u16(type).u16(flags).u32(++sequence).u32(0);
    }

    NetlinkBatch u8(int value) {
        ensure(1);
        bytes[size++] = (byte) value;
        return this;
    }

    NetlinkBatch u16(int value) {
        return u8(value).u8(value >>> 8);
    }

    NetlinkBatch u32(int value) {
        return u16(value).u16(value >>> 16);
    }

    NetlinkBatch raw(byte[] value) {
        ensure(value.length);
        System.arraycopy(value, 0, bytes, size, value.length);
        size += value.length;
        return this;
    }

    NetlinkBatch attribute(int type, byte[] value) {
        u16(4 + value.length).u16(type);
        return raw(value).pad();
    }

    NetlinkBatch attribute(int type, int value) {
        return u16(8).u16(type).u32(value);
    }

    /** With its NUL, as the kernel wants names. */
    NetlinkBatch attribute(int type, String value) {
        return attribute(type, (value + "\0").getBytes(StandardCharsets.US_ASCII));
    }

    /** Opens an attribute that holds what follows until {@link #end}. */
    NetlinkBatch nest(int type) {
        open.push(size);
        return u16(0).u16(type | NESTED);
    }

    /** As {@link #nest}, for the few places where the kernel does not want to be told that it is one. */
    NetlinkBatch nestPlain(int type) {
        open.push(size);
        return u16(0).u16(type);
    }

    NetlinkBatch end() {
        int at = open.pop();
        buffer().putShort(at, (short) (size - at));
        return this;
    }

    private NetlinkBatch pad() {
        while (size % 4 != 0) {
            u8(0);
        }
        return this;
    }

    private void finish() {
        if (messageAt >= 0) {
            buffer().putInt(messageAt, size - messageAt);
            pad();
        }
    }

    /** Where the next byte goes. */
    int position() {
        return size;
    }

    /** How many messages the kernel answers. */
    int answers() {
        return answers;
    }

    byte[] bytes() {
        if (!open.isEmpty()) {
            throw new IllegalStateException("an attribute is still open");
        }
        finish();
        ByteArrayOutputStream out = new ByteArrayOutputStream(size);
        out.write(bytes, 0, size);
        return out.toByteArray();
    }

    private ByteBuffer buffer() {
        return ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
    }

    private void ensure(int more) {
        if (size + more > bytes.length) {
            bytes = java.util.Arrays.copyOf(bytes, Math.max(2 * bytes.length, size + more));
        }
    }
}
