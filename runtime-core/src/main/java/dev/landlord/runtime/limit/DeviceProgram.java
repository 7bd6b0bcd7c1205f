package dev.landlord.runtime.limit;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * The list of devices in the kernel's own machine code, for version 2: the kernel runs it whenever a member of the group opens
 * or makes a device node. Instructions as in the kernel's Documentation/bpf/standardization/instruction-set.rst, the context is
 * {@code struct bpf_cgroup_dev_ctx} of linux/bpf.h. Pure.
 */
public final class DeviceProgram {
    private static final int CHARACTER_DEVICE = 2;
    private static final int TYPE_MASK = 0xffff;

    private static final int RESULT = 0;
    private static final int CONTEXT = 1;
    private static final int TYPE = 2;
    private static final int MAJOR = 3;
    private static final int MINOR = 4;

    private static final int LOAD_WORD = 0x61;
    private static final int AND_WORD = 0x54;
    private static final int JUMP_IF_EQUAL = 0x15;
    private static final int JUMP_IF_NOT_EQUAL = 0x55;
    private static final int MOVE = 0xb7;
    private static final int EXIT = 0x95;
    private static final int BYTES = 8;
    private static final int HEAD = 5;
    private static final int TAIL = 4;

    private final int deny;
    private final int allow;
    private final ByteBuffer code;

    private DeviceProgram() {
        deny = HEAD
                + AllowedDevice.ALL.stream()
                        .mapToInt(DeviceProgram::instructions)
                        .sum();
        allow = deny + 2;
        code = ByteBuffer.allocate((deny + TAIL) * BYTES).order(ByteOrder.LITTLE_ENDIAN);
    }

    /** Eight bytes for each instruction, little-endian. */
    public static byte[] bytes() {
        return new DeviceProgram().assembled();
    }

    private static int instructions(AllowedDevice device) {
        return device.minor() == AllowedDevice.ANY ? 1 : 2;
    }

    private byte[] assembled() {
        emit(LOAD_WORD, TYPE, CONTEXT, 0, 0);
        emit(AND_WORD, TYPE, 0, 0, TYPE_MASK);
        emit(LOAD_WORD, MAJOR, CONTEXT, 4, 0);
        emit(LOAD_WORD, MINOR, CONTEXT, 8, 0);
        jump(JUMP_IF_NOT_EQUAL, TYPE, CHARACTER_DEVICE, deny);
        AllowedDevice.ALL.forEach(this::compare);
        answer(0);
        answer(1);
        return code.array();
    }

    private void compare(AllowedDevice device) {
        if (device.minor() == AllowedDevice.ANY) {
            jump(JUMP_IF_EQUAL, MAJOR, device.major(), allow);
        } else {
            jump(JUMP_IF_NOT_EQUAL, MAJOR, device.major(), next() + 2);
            jump(JUMP_IF_EQUAL, MINOR, device.minor(), allow);
        }
    }

    private void answer(int value) {
        emit(MOVE, RESULT, 0, 0, value);
        emit(EXIT, 0, 0, 0, 0);
    }

    private int next() {
        return code.position() / BYTES;
    }

    /** The kernel counts from the instruction behind the jump. */
    private void jump(int operation, int register, int value, int target) {
        emit(operation, register, 0, target - next() - 1, value);
    }

    private void emit(int operation, int to, int from, int offset, int value) {
        code.put((byte) operation)
                .put((byte) (from << 4 | to))
                .putShort((short) offset)
                .putInt(value);
    }
}
