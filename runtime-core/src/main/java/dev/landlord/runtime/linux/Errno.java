package dev.landlord.runtime.linux;

import com.sun.jna.Native;
import com.sun.jna.Pointer;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** Error numbers of Linux on x86-64, errno(3). */
public final class Errno {
    public static final int ENOENT = 2;
    public static final int ESRCH = 3;
    public static final int EINTR = 4;
    public static final int EIO = 5;
    public static final int E2BIG = 7;
    public static final int ENOEXEC = 8;
    public static final int EBADF = 9;
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
    public static final int EROFS = 30;
    public static final int EPIPE = 32;
    public static final int ENAMETOOLONG = 36;
    public static final int ELOOP = 40;
    public static final int ETIME = 62;
    public static final int ECONNRESET = 104;
    public static final int EDQUOT = 122;

    private static final int LAST = 133;
    private static final Map<String, Integer> BY_DESCRIPTION;

    static {
        Native.register(Errno.class, "c");
        BY_DESCRIPTION =
                IntStream.rangeClosed(1, LAST).boxed().collect(Collectors.toMap(Errno::describe, n -> n, (a, b) -> a));
    }

    private Errno() {}

    @SuppressWarnings("UnusedMethod") // bound by JNA
    private static native @Nullable Pointer strerror(int number);

    /** The C library's sentence, for example {@code No such file or directory}. */
    public static String describe(int errno) {
        Pointer text = strerror(errno);
        return text == null ? "errno " + errno : text.getString(0);
    }

    /** The other way round, for the JDK, which keeps the sentence and hides the number; 0 for any other text. */
    public static int ofDescription(@Nullable String text) {
        return text == null ? 0 : BY_DESCRIPTION.getOrDefault(text, 0);
    }

    /** Whether the host is out of something that may come back: processes, memory, disk, descriptors. */
    public static boolean meansExhausted(int errno) {
        return switch (errno) {
            case EAGAIN, ENOMEM, ENOSPC, EDQUOT, EMFILE, ENFILE -> true;
            default -> false;
        };
    }
}
