package dev.landlord.runtime.linux;

/** A system call was refused. Callers turn it into the exception of their own room with the object that it was about. */
public final class LinuxFault extends RuntimeException {
    private final String call;
    private final int errno;

    LinuxFault(String call, int errno) {
        super(call + ": " + Errno.describe(errno));
        this.call = call;
        this.errno = errno;
    }

    /** The call and the C library's sentence. */
    public String reason() {
        return call + ": " + Errno.describe(errno);
    }

    public int errno() {
        return errno;
    }
}
