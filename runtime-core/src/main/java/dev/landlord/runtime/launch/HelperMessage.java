package dev.landlord.runtime.launch;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** What a supervisor says; the wire form is described in the helper's {@code supervisor.c}. */
public sealed interface HelperMessage {
    /** Built and parked. */
    record Ready(int programPid) implements HelperMessage {}

    /** The exec has succeeded. */
    record Started(long atEpochMillis) implements HelperMessage {}

    /** Descriptors of a joining program came with this message. */
    record Handed(List<Integer> descriptors) implements HelperMessage {
        public Handed {
            descriptors = List.copyOf(descriptors);
        }
    }

    /** @param errno 0 when no system call was refused */
    record Failed(int op, int errno, String object) implements HelperMessage {}

    record Ended(int exitCode, int signal, long atEpochMillis) implements HelperMessage {}

    /** The supervisor closed the connection: it is gone. */
    record Gone() implements HelperMessage {}

    /** Large enough for every message. */
    int MAX_BYTES = 512;

    static HelperMessage parse(byte[] message) {
        if (message.length == 0) {
            return new Gone();
        }
        ByteBuffer in = ByteBuffer.wrap(message, 1, message.length - 1).order(ByteOrder.LITTLE_ENDIAN);
        return switch (message[0]) {
            case 'R' -> new Ready(in.getInt());
            case 'S' -> new Started(in.getLong());
            case 'E' -> new Failed(in.getInt(), in.getInt(), text(in));
            case 'X' -> new Ended(in.getInt(), in.getInt(), in.getLong());
            default -> throw new IllegalStateException("unknown message of the helper: " + message[0]);
        };
    }

    private static String text(ByteBuffer in) {
        byte[] bytes = new byte[in.remaining()];
        in.get(bytes);
        int length = 0;
        while (length < bytes.length && bytes[length] != 0) {
            length++;
        }
        return new String(bytes, 0, length, StandardCharsets.UTF_8);
    }
}
