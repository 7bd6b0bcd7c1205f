package dev.landlord.runtime.seccomp;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/** Runs a filter program as the kernel does: classic BPF over struct seccomp_data, and nothing that seccomp refuses. */
final class FilterMachine {
    private static final int SECCOMP_DATA_BYTES = 64;

    private final ByteBuffer program;
    private int steps;

    FilterMachine(byte[] program) {
        this.program = ByteBuffer.wrap(program).order(ByteOrder.LITTLE_ENDIAN);
    }

    int instructions() {
        return program.capacity() / 8;
    }

    /** Instructions that the last run took. */
    int steps() {
        return steps;
    }

    /** The action for a call. */
    int run(int architecture, int number, long... arguments) {
        ByteBuffer data = ByteBuffer.allocate(SECCOMP_DATA_BYTES).order(ByteOrder.LITTLE_ENDIAN);
        data.putInt(0, number).putInt(4, architecture);
        for (int i = 0; i < arguments.length; i++) {
            data.putLong(16 + 8 * i, arguments[i]);
        }
        int accumulator = 0;
        int at = 0;
        steps = 0;
        while (true) {
            steps++;
            int code = program.getShort(8 * at);
            int operand = program.getInt(8 * at + 4);
            switch (code) {
                case 0x06 -> {
                    return operand;
                }
                case 0x20 -> accumulator = data.getInt(aligned(operand));
                case 0x54 -> accumulator &= operand;
                case 0x05 -> at += operand;
                case 0x15 -> at += jump(at, accumulator == operand);
                case 0x25 -> at += jump(at, Integer.compareUnsigned(accumulator, operand) > 0);
                case 0x35 -> at += jump(at, Integer.compareUnsigned(accumulator, operand) >= 0);
                case 0x45 -> at += jump(at, (accumulator & operand) != 0);
                default -> throw new IllegalStateException("instruction 0x" + Integer.toHexString(code) + " at " + at);
            }
            at++;
        }
    }

    private int jump(int at, boolean taken) {
        return program.get(8 * at + (taken ? 2 : 3)) & 0xff;
    }

    private static int aligned(int offset) {
        if (offset < 0 || offset > SECCOMP_DATA_BYTES - 4 || offset % 4 != 0) {
            throw new IllegalStateException("load from " + offset);
        }
        return offset;
    }
}
