package dev.landlord.runtime.seccomp;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;

/**
 * The few instructions before the library's program: what it cannot express. Jumps of this machine go forward and count
 * from where they are, so that a program may stand behind another one. Pure.
 */
final class Prologue {
    private static final int LOAD_WORD = 0x20;
    private static final int JUMP_EQUAL = 0x15;
    private static final int JUMP_GREATER = 0x25;
    private static final int JUMP_GREATER_OR_EQUAL = 0x35;
    private static final int RETURN = 0x06;

    /** Offsets in struct seccomp_data. */
    private static final int NUMBER = 0;

    private static final int ARCHITECTURE = 4;
    private static final int ARGUMENTS = 16;

    private static final int ARCH_X86_64 = 0xC000_003E;
    /** Numbers from here on are those of x32, which the kernel runs as x86-64. */
    private static final int X32 = 0x4000_0000;

    private record Instruction(int code, int ifTrue, int ifFalse, int operand) {}

    /** A call that is refused for one value of the lower half of one argument. */
    record Refusal(int number, int argument, int value, int action) {}

    private final List<Instruction> instructions = new ArrayList<>();

    private Prologue() {}

    static byte[] of(int newest, int killAction, int noSuchCallAction, List<Refusal> refusals) {
        Prologue prologue = new Prologue();
        prologue.add(LOAD_WORD, 0, 0, ARCHITECTURE);
        prologue.returnUnless(JUMP_EQUAL, ARCH_X86_64, killAction);
        prologue.add(LOAD_WORD, 0, 0, NUMBER);
        prologue.returnIf(JUMP_GREATER_OR_EQUAL, X32, killAction);
        prologue.returnIf(JUMP_GREATER, newest, noSuchCallAction);
        for (Refusal refusal : refusals) {
            prologue.add(LOAD_WORD, 0, 0, NUMBER);
            prologue.add(JUMP_EQUAL, 0, 3, refusal.number());
            prologue.add(LOAD_WORD, 0, 0, ARGUMENTS + 8 * refusal.argument()); // little-endian: the lower half is first
            prologue.returnIf(JUMP_EQUAL, refusal.value(), refusal.action());
        }
        return prologue.bytes();
    }

    private void returnIf(int jump, int operand, int action) {
        add(jump, 0, 1, operand);
        add(RETURN, 0, 0, action);
    }

    private void returnUnless(int jump, int operand, int action) {
        add(jump, 1, 0, operand);
        add(RETURN, 0, 0, action);
    }

    private void add(int code, int ifTrue, int ifFalse, int operand) {
        instructions.add(new Instruction(code, ifTrue, ifFalse, operand));
    }

    private byte[] bytes() {
        ByteBuffer buffer = ByteBuffer.allocate(8 * instructions.size()).order(ByteOrder.LITTLE_ENDIAN);
        for (Instruction instruction : instructions) {
            buffer.putShort((short) instruction.code())
                    .put((byte) instruction.ifTrue())
                    .put((byte) instruction.ifFalse())
                    .putInt(instruction.operand());
        }
        return buffer.array();
    }
}
