package dev.landlord.runtime.launch;

import dev.landlord.runtime.SandboxException;
import dev.landlord.runtime.SandboxException.Kind;
import dev.landlord.runtime.linux.Linux;
import dev.landlord.runtime.linux.LinuxFault;
import dev.landlord.runtime.plan.LaunchPlan;
import dev.landlord.runtime.plan.PlanEncoder;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;

/**
 * Starts supervisors. The helper runs from a sealed copy in memory: no tenant can reach the file, not even through
 * /proc/PID/exe of a process that a mistake might show it. Thread-safe.
 */
public final class Launcher implements AutoCloseable {
    private static final String RESOURCE = "/dev/landlord/runtime/native/landlord-init";

    /** Argument of a copy of the helper: one process waits while another one takes memory without end. */
    public static final String EXHAUST = "exhaust";

    /** Exit code of that if there is no end. */
    public static final int UNLIMITED = 71;

    /** Argument of a copy of the helper: it uses one huge page of so many bytes as the next argument says. */
    public static final String USE_HUGE_PAGE = "use-huge-page";

    /** Argument of a copy of the helper: it does nothing until somebody ends it. */
    public static final String WAIT = "wait";

    private final int binary;

    public Launcher() {
        this.binary = Linux.sealedMemory("landlord-init", readHelper());
    }

    private static byte[] readHelper() {
        try (InputStream in = Launcher.class.getResourceAsStream(RESOURCE)) {
            if (in == null) {
                throw new IllegalStateException("this build has no native helper: " + RESOURCE);
            }
            return in.readAllBytes();
        } catch (IOException e) {
            throw new UncheckedIOException("read " + RESOURCE, e);
        }
    }

    /**
     * Puts the helper where it can be run as a program of a trial inside a sandbox, see {@link #EXHAUST} and {@link
     * #USE_HUGE_PAGE}. In one step, as an earlier copy may be running.
     */
    public static void copyTo(Path file) {
        Path copy = file.resolveSibling(file.getFileName() + ".new");
        try {
            Files.write(copy, readHelper());
            Files.setPosixFilePermissions(copy, PosixFilePermissions.fromString("rwxr-xr-x"));
            Files.move(copy, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        } catch (IOException e) {
            throw new SandboxException(Kind.HOST_FAULT, "write", file.toString(), 0, String.valueOf(e.getMessage()), e);
        }
    }

    /** Starts a supervisor on a plan and returns at once; the conversation is the caller's. */
    public Supervisor launch(LaunchPlan plan) {
        return start(plan, List.of());
    }

    /**
     * Like {@link #launch}, on a plan that joins a sandbox.
     *
     * @param initPidfd of the sandbox's init, from {@link Linux#duplicate}; stays the caller's
     */
    public Supervisor join(LaunchPlan plan, int initPidfd) {
        return start(plan, List.of(initPidfd));
    }

    private Supervisor start(LaunchPlan plan, List<Integer> further) {
        try {
            int planMemory = Linux.sealedMemory("landlord-plan", PlanEncoder.encode(plan));
            try {
                return spawn(planMemory, further);
            } finally {
                Linux.close(planMemory);
            }
        } catch (LinuxFault e) {
            throw HelperFault.of("launch", "supervisor", e);
        }
    }

    private Supervisor spawn(int planMemory, List<Integer> further) {
        Linux.Pair channel = Linux.messageSocketPair();
        try {
            List<Integer> descriptors = new ArrayList<>(List.of(channel.theirs(), planMemory));
            descriptors.addAll(further);
            int pid = Linux.spawn("/proc/self/fd/" + binary, descriptors);
            return new Supervisor(pid, channel.ours());
        } catch (LinuxFault e) {
            Linux.close(channel.ours());
            throw e;
        } finally {
            Linux.close(channel.theirs());
        }
    }

    @Override
    public void close() throws SandboxException {
        Linux.close(binary);
    }
}
