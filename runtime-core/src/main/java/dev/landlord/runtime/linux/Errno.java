package dev.landlord.runtime.linux;

import com.sun.jna.Native;
import com.sun.jna.Pointer;
import org.jspecify.annotations.Nullable;

/** Error numbers of Linux on x86-64, errno(3). */
public final class Errno {
    public static final int ENOENT = 2;
    public static final int ESRCH = 3;
    public static final int EINTR = 4;
    public static final int E2BIG = 7;
    public static final int ENOEXEC = 8;
    public static final int EAGAIN = 11;
    public static final int ENOMEM = 12;
    public static final int EACCES = 13;
    public static final int EBUSY = 16;
    public static final int EEXIST = 17;
    public static final int ENODEV = 19;
    public static final int ENOTDIR = 20;
    public static final int EISDIR = 21;
    public static final int ENFILE = 23;
    public static final int EMFILE = 24;
    public static final int ENOSPC = 28;
    public static final int EPIPE = 32;
    public static final int ENAMETOOLONG = 36;
    public static final int ELOOP = 40;
    public static final int ECONNRESET = 104;

    static {
        Native.register(Errno.class, "c");
    }

    private Errno() {}

    @SuppressWarnings("UnusedMethod") // bound by JNA
    private static native @Nullable Pointer strerror(int number);

    /** The C library's sentence, for example {@code No such file or directory}. */
    public static String describe(int errno) {
        Pointer text = strerror(errno);
        return text == null ? "errno " + errno : text.getString(0);
    }
}
