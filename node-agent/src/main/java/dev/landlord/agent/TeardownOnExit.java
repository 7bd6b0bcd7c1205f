package dev.landlord.agent;

import dev.landlord.agent.sandbox.SandboxTeardown;
import dev.landlord.runtime.SandboxRuntime;
import org.springframework.context.SmartLifecycle;
import org.springframework.stereotype.Component;

/** The last thing that a configured agent does, after its loops have ended and while the runtime is still there. */
@Component
final class TeardownOnExit implements SmartLifecycle {
    private final boolean wanted;
    private final SandboxRuntime runtime;
    private volatile boolean running;

    TeardownOnExit(AgentProperties properties, SandboxRuntime runtime) {
        this.wanted = properties.teardownOnExit();
        this.runtime = runtime;
    }

    @Override
    public void start() {
        running = true;
    }

    @Override
    public void stop() {
        running = false;
        if (wanted) {
            new SandboxTeardown(runtime).deleteAll();
        }
    }

    @Override
    public boolean isRunning() {
        return running;
    }

    /** What starts first stops last. */
    @Override
    public int getPhase() {
        return 0;
    }
}
