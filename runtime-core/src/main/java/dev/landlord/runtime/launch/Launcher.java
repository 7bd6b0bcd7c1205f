package dev.landlord.runtime.launch;

import dev.landlord.runtime.SandboxException;
import dev.landlord.runtime.linux.Linux;
import dev.landlord.runtime.linux.LinuxFault;
import dev.landlord.runtime.plan.LaunchPlan;
import dev.landlord.runtime.plan.PlanEncoder;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;

/**
 * Starts supervisors. The helper runs from a sealed copy in memory: no tenant can reach the file, not even through
 * /proc/PID/exe of a process that a mistake might show it. Thread-safe.
 */
public final class Launcher implements AutoCloseable {
    private static final String RESOURCE = "/dev/landlord/runtime/native/landlord-init";

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
