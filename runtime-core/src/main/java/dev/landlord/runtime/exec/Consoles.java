package dev.landlord.runtime.exec;

import dev.landlord.runtime.Console;
import dev.landlord.runtime.ExecSession;
import dev.landlord.runtime.ExitRecord;
import dev.landlord.runtime.SandboxException;
import dev.landlord.runtime.SandboxException.Kind;
import dev.landlord.runtime.launch.HelperFault;
import dev.landlord.runtime.linux.Errno;
import dev.landlord.runtime.linux.Linux;
import dev.landlord.runtime.linux.LinuxFault;
import dev.landlord.runtime.state.SandboxDirectory;
import java.util.Optional;
import java.util.function.IntConsumer;
import java.util.function.Supplier;

/**
 * What supervisors keep open of their programs. They serve no requests, and need not: who may trace them takes a copy of the
 * descriptor, this runtime like the one after it.
 */
public final class Consoles {
    /** In the supervisor; the helper's {@code console.h} has it too. */
    private static final int DESCRIPTOR = 100;

    private Consoles() {}

    /**
     * @param end empty while the program runs
     * @param signals take a signal for the program
     */
    public static ExecSession attach(
            SandboxDirectory directory, Supplier<Optional<ExitRecord>> end, IntConsumer signals) {
        Console console = directory.console();
        int fd = console == Console.NONE ? -1 : copy(directory);
        return new AttachedSession(
                new Input(fd, console == Console.TERMINAL),
                directory.output("stdout"),
                directory.output("stderr"),
                end,
                signals);
    }

    /**
     * A copy of the input of the sandbox's program, which is the caller's to close.
     *
     * @throws SandboxException {@code INVALID} if the program has closed its terminal or ended
     */
    public static int copy(SandboxDirectory directory) {
        int supervisor = -1;
        try {
            SandboxDirectory.Run run = directory.liveRun().orElseThrow(() -> gone(directory, "it has ended"));
            supervisor = Linux.pidfdOpen(run.supervisorPid());
            // Asked again after the opening: as long as it lives, the number is its own.
            if (directory.liveRun().isEmpty()) {
                throw gone(directory, "it has ended");
            }
            return Linux.pidfdGetDescriptor(supervisor, DESCRIPTOR);
        } catch (LinuxFault e) {
            throw switch (e.errno()) {
                case Errno.ESRCH -> gone(directory, "it has ended");
                case Errno.EBADF -> gone(directory, "its program has closed its terminal");
                default -> HelperFault.of("reach input of", directory.id().value(), e);
            };
        } finally {
            if (supervisor >= 0) {
                Linux.close(supervisor);
            }
        }
    }

    private static SandboxException gone(SandboxDirectory directory, String reason) {
        return new SandboxException(Kind.INVALID, "attach to", directory.id().value(), reason);
    }
}
