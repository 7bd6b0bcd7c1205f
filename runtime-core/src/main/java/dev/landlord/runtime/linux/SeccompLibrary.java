package dev.landlord.runtime.linux;

import com.sun.jna.Native;
import com.sun.jna.Pointer;
import org.jspecify.annotations.Nullable;

/** The bindings of libseccomp, as seccomp_init(3) and its neighbours have them. */
final class SeccompLibrary {
    static {
        Native.register(SeccompLibrary.class, "libseccomp.so.2");
    }

    private SeccompLibrary() {}

    static native @Nullable Pointer seccomp_init(int defaultAction);

    static native void seccomp_release(Pointer filter);

    static native int seccomp_arch_native();

    static native int seccomp_attr_set(Pointer filter, int attribute, int value);

    static native int seccomp_syscall_resolve_name(String name);

    static native int seccomp_rule_add_array(
            Pointer filter, int action, int number, int conditions, @Nullable Pointer array);

    static native int seccomp_export_bpf(Pointer filter, int fd);
}
