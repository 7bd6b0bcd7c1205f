package dev.landlord.cli.exec;

import java.io.ByteArrayOutputStream;

/** Ctrl-P Ctrl-Q, among what is typed: who presses it leaves. For one thread. Pure. */
final class DetachKeys {
    private static final int CTRL_P = 0x10;
    private static final int CTRL_Q = 0x11;

    private boolean held;
    private boolean pressed;

    /** What of it goes to the program. A Ctrl-P goes with what is typed next, as long as that is not Ctrl-Q. */
    byte[] pass(byte[] typed, int length) {
        ByteArrayOutputStream passed = new ByteArrayOutputStream(length + 1);
        for (int i = 0; i < length && !pressed; i++) {
            if (held && typed[i] == CTRL_Q) {
                pressed = true;
            } else {
                if (held) {
                    passed.write(CTRL_P);
                }
                held = typed[i] == CTRL_P;
                if (!held) {
                    passed.write(typed[i]);
                }
            }
        }
        return passed.toByteArray();
    }

    /** From then on nothing is passed any more. */
    boolean pressed() {
        return pressed;
    }
}
