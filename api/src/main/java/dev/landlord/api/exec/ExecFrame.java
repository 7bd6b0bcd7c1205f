package dev.landlord.api.exec;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * One message of an exec stream; on the wire a binary WebSocket message: one byte that says which, then its content, numbers
 * in network order.
 *
 * <p>Neither end sends more data than the other has room for: {@link #WINDOW_BYTES} that the other has not yet said to have
 * used up, with {@link Taken} for input and {@link Read} for output. So a program that reads nothing, or a terminal that shows
 * nothing, holds back the other side, and a signal still gets through.
 */
public sealed interface ExecFrame {
    /** The most that one frame carries; a frame fits the smallest buffer between the ends, 8 KiB. */
    int DATA_MAX_BYTES = 8000;

    int WINDOW_BYTES = 256 << 10;

    /** From the client: what was typed. */
    @SuppressWarnings("ArrayRecordComponent") // handed on as it is; compared by nobody
    record Input(byte[] bytes) implements ExecFrame {}

    /** From the client: nothing more will be typed. */
    record InputEnd() implements ExecFrame {}

    /** From the client: the terminal has this size now, each 1 to 4096. */
    record Resize(int rows, int columns) implements ExecFrame {}

    /** From the client: a signal for the program and its process group, 1 to 64. */
    record Signal(int number) implements ExecFrame {}

    /** From the client: so many bytes of output were shown. */
    record Read(int bytes) implements ExecFrame {}

    @SuppressWarnings("ArrayRecordComponent") // handed on as it is; compared by nobody
    record Output(byte[] bytes) implements ExecFrame {}

    @SuppressWarnings("ArrayRecordComponent") // handed on as it is; compared by nobody
    record Errors(byte[] bytes) implements ExecFrame {}

    /** From the agent: so many bytes of input were taken by the program, or will never be. */
    record Taken(int bytes) implements ExecFrame {}

    /** From the agent, first of all: the program runs. */
    record Started() implements ExecFrame {}

    /** From the agent, last of all. {@code signal} is 0 if it ended by itself, else {@code code} is 128 + signal. */
    record Exited(int code, int signal) implements ExecFrame {}

    /** From the agent, instead of one of the two above: why not. At most 1,000 characters. */
    record Failed(String reason) implements ExecFrame {}

    int REASON_MAX = 1000;

    default byte[] encode() {
        return switch (this) {
            case Input frame -> data(0, frame.bytes());
            case InputEnd() -> new byte[] {1};
            case Resize frame ->
                ByteBuffer.allocate(5)
                        .put((byte) 2)
                        .putShort((short) frame.rows())
                        .putShort((short) frame.columns())
                        .array();
            case Signal frame -> new byte[] {3, (byte) frame.number()};
            case Read frame ->
                ByteBuffer.allocate(5).put((byte) 4).putInt(frame.bytes()).array();
            case Output frame -> data(16, frame.bytes());
            case Errors frame -> data(17, frame.bytes());
            case Taken frame ->
                ByteBuffer.allocate(5).put((byte) 18).putInt(frame.bytes()).array();
            case Started() -> new byte[] {19};
            case Exited frame ->
                ByteBuffer.allocate(9)
                        .put((byte) 20)
                        .putInt(frame.code())
                        .putInt(frame.signal())
                        .array();
            case Failed frame ->
                data(
                        21,
                        frame.reason()
                                .substring(
                                        0, Math.min(REASON_MAX, frame.reason().length()))
                                .getBytes(StandardCharsets.UTF_8));
        };
    }

    private static byte[] data(int kind, byte[] bytes) {
        if (bytes.length > DATA_MAX_BYTES) {
            throw new IllegalArgumentException("a frame carries at most " + DATA_MAX_BYTES + " bytes");
        }
        return ByteBuffer.allocate(1 + bytes.length).put((byte) kind).put(bytes).array();
    }

    /** Whether a client may send it; everything else is for agents to say. */
    static boolean isClients(byte[] message) {
        return message.length > 0 && message[0] >= 0 && message[0] < 16;
    }

    /** @throws IllegalArgumentException if it is none, or a number in it is out of range */
    static ExecFrame decode(byte[] message) {
        if (message.length == 0 || message.length > 1 + DATA_MAX_BYTES) {
            throw new IllegalArgumentException("a frame has 1 to " + (1 + DATA_MAX_BYTES) + " bytes");
        }
        ByteBuffer in = ByteBuffer.wrap(message, 1, message.length - 1);
        return switch (message[0]) {
            case 0 -> new Input(rest(message));
            case 1 -> new InputEnd();
            case 2 -> sized(message, 5, new Resize(number(in, 2, 1, 4096), number(in, 2, 1, 4096)));
            case 3 -> sized(message, 2, new Signal(number(in, 1, 1, 64)));
            case 4 -> sized(message, 5, new Read(number(in, 4, 0, WINDOW_BYTES)));
            case 16 -> new Output(rest(message));
            case 17 -> new Errors(rest(message));
            case 18 -> sized(message, 5, new Taken(number(in, 4, 0, WINDOW_BYTES)));
            case 19 -> new Started();
            case 20 -> sized(message, 9, new Exited(number(in, 4, 0, 255), number(in, 4, 0, 64)));
            case 21 -> new Failed(new String(rest(message), StandardCharsets.UTF_8));
            default -> throw new IllegalArgumentException("unknown frame " + message[0]);
        };
    }

    private static byte[] rest(byte[] message) {
        return Arrays.copyOfRange(message, 1, message.length);
    }

    private static ExecFrame sized(byte[] message, int length, ExecFrame frame) {
        if (message.length != length) {
            throw new IllegalArgumentException("frame " + message[0] + " has " + length + " bytes");
        }
        return frame;
    }

    private static int number(ByteBuffer in, int bytes, int min, int max) {
        if (in.remaining() < bytes) {
            throw new IllegalArgumentException("a frame is cut short");
        }
        int value = bytes == 1 ? in.get() & 0xff : bytes == 2 ? in.getShort() & 0xffff : in.getInt();
        if (value < min || value > max) {
            throw new IllegalArgumentException("a number in a frame must be between " + min + " and " + max);
        }
        return value;
    }
}
