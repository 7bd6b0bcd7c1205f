package dev.landlord.runtime.linux;

import com.sun.jna.Memory;
import com.sun.jna.Pointer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.OptionalInt;

/**
 * A filter of system calls under construction, by libseccomp. Not thread-safe; must be closed.
 *
 * <p>Actions are numbers as seccomp(2) has them.
 */
public final class Libseccomp implements AutoCloseable {
    public static final int ALLOW = 0x7fff_0000;
    public static final int KILL_PROCESS = 0x8000_0000;
    private static final int ERRNO = 0x0005_0000;

    private static final int ARCH_X86_64 = 0xC000_003E;
    private static final int ATTRIBUTE_BAD_ARCH = 2;
    private static final int ATTRIBUTE_OPTIMIZE = 8;
    /** A search tree over the numbers instead of a list. */
    private static final int BINARY_TREE = 2;
    /** sizeof(struct scmp_arg_cmp): unsigned int, enum, two 64-bit numbers. */
    private static final int CONDITION_BYTES = 24;

    private static final int MFD_CLOEXEC = 1;

    private final Pointer filter;

    private Libseccomp(Pointer filter) {
        this.filter = filter;
    }

    /**
     * An empty filter for x86-64 alone that kills what runs in another architecture.
     *
     * @param defaultAction for calls that no rule matches
     * @throws UnsatisfiedLinkError if libseccomp.so.2 is not on this host
     * @throws UnsupportedOperationException on another architecture
     */
    public static Libseccomp open(int defaultAction) {
        int arch;
        try {
            arch = SeccompLibrary.seccomp_arch_native();
        } catch (NoClassDefFoundError e) { // the second time that it cannot be loaded
            UnsatisfiedLinkError absent = new UnsatisfiedLinkError("libseccomp.so.2");
            absent.initCause(e);
            throw absent;
        }
        if (arch != ARCH_X86_64) {
            throw new UnsupportedOperationException("architecture 0x" + Integer.toHexString(arch) + " is not x86-64");
        }
        Pointer filter = SeccompLibrary.seccomp_init(defaultAction);
        if (filter == null) {
            throw new LinuxFault("seccomp_init", Errno.ENOMEM);
        }
        Libseccomp opened = new Libseccomp(filter);
        opened.set("bad architecture", ATTRIBUTE_BAD_ARCH, KILL_PROCESS);
        opened.set("binary tree", ATTRIBUTE_OPTIMIZE, BINARY_TREE);
        return opened;
    }

    public static int errno(int errno) {
        return ERRNO | errno;
    }

    /** The call's number, if this libseccomp knows the name. */
    public static OptionalInt number(String name) {
        int number = SeccompLibrary.seccomp_syscall_resolve_name(name);
        return number < 0 ? OptionalInt.empty() : OptionalInt.of(number);
    }

    private void set(String what, int attribute, int value) {
        check("seccomp_attr_set " + what, SeccompLibrary.seccomp_attr_set(filter, attribute, value));
    }

    /** How an argument is compared: {@code enum scmp_compare}. */
    public enum Comparison {
        NOT_EQUAL(1),
        LESS(2),
        LESS_OR_EQUAL(3),
        EQUAL(4),
        GREATER_OR_EQUAL(5),
        GREATER(6),
        MASKED_EQUAL(7);

        private final int code;

        Comparison(int code) {
            this.code = code;
        }
    }

    /**
     * @param argument 0 to 5
     * @param mask for {@link Comparison#MASKED_EQUAL} only
     * @param value all 64 bits are compared
     */
    public record Condition(int argument, Comparison comparison, long mask, long value) {}

    /** Takes the action if all conditions hold; one argument may be in one condition only. */
    public void rule(int action, int number, List<Condition> conditions) {
        try (Memory array = new Memory((long) CONDITION_BYTES * Math.max(1, conditions.size()))) {
            long at = 0;
            for (Condition condition : conditions) {
                boolean masked = condition.comparison() == Comparison.MASKED_EQUAL;
                array.setInt(at, condition.argument());
                array.setInt(at + 4, condition.comparison().code);
                array.setLong(at + 8, masked ? condition.mask() : condition.value());
                array.setLong(at + 16, masked ? condition.value() : 0);
                at += CONDITION_BYTES;
            }
            check(
                    "seccomp_rule_add " + number,
                    SeccompLibrary.seccomp_rule_add_array(
                            filter, action, number, conditions.size(), conditions.isEmpty() ? null : array));
        }
    }

    /** The program, as an array of {@code struct sock_filter}. */
    public byte[] export() {
        int fd = Linux.check("memfd_create", CLibrary.memfd_create("seccomp", MFD_CLOEXEC));
        try {
            check("seccomp_export_bpf", SeccompLibrary.seccomp_export_bpf(filter, fd));
            return Files.readAllBytes(Path.of("/proc/self/fd/" + fd)); // opens it anew, from its beginning
        } catch (IOException e) {
            throw new UncheckedIOException("read seccomp_export_bpf", e);
        } finally {
            CLibrary.close(fd);
        }
    }

    /** This library answers with the negative error number. */
    private static void check(String call, int result) {
        if (result < 0) {
            throw new LinuxFault(call, -result);
        }
    }

    @Override
    public void close() {
        SeccompLibrary.seccomp_release(filter);
    }
}
