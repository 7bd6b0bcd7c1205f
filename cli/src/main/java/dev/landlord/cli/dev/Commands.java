package dev.landlord.cli.dev;

import dev.landlord.cli.dev.DevOptions.Ports;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The command lines of the two programs. Secrets go by file, never on a command line. Pure. */
final class Commands {
    private static final int PUBLIC_PORT = 7700;
    private static final int NODE_PORT = 7701;
    private static final int MANAGEMENT_PORT = 7702;
    private static final int METRICS_PORT = 7710;

    private final DevOptions options;
    private final StateFolder state;
    private final Slot slot;

    Commands(DevOptions options, StateFolder state, Slot slot) {
        this.options = options;
        this.state = state;
        this.slot = slot;
    }

    List<String> controlPlane() {
        Ports ports = options.ports();
        List<String> command = new ArrayList<>();
        command.add(program("landlord-control-plane"));
        command.add("--landlord.state-dir=" + state.controlPlane());
        command.add("--landlord.public-port=" + port(ports.publicApi(), PUBLIC_PORT));
        command.add("--landlord.node-port=" + port(ports.node(), NODE_PORT));
        command.add("--landlord.management-port=" + port(ports.management(), MANAGEMENT_PORT));
        command.addAll(options.extra().controlPlane());
        return command;
    }

    List<String> agent(int nodePort) {
        List<String> command = new ArrayList<>();
        command.add(program("landlord-agent"));
        command.add("--landlord.agent.node=" + options.node());
        command.add("--landlord.agent.control-plane-url=https://127.0.0.1:" + nodePort);
        command.add("--landlord.agent.join-token-file=" + state.joinToken());
        command.add("--landlord.agent.state-dir=" + state.agent());
        command.add("--landlord.agent.cgroup-root=" + slot.cgroupRoot());
        command.add("--landlord.agent.id-base=" + slot.idBase());
        command.add("--landlord.agent.id-count=" + slot.idCount());
        command.add("--landlord.agent.metrics-port=" + port(options.ports().metrics(), METRICS_PORT));
        command.add("--landlord.agent.teardown-on-exit=" + !options.keep());
        command.addAll(options.extra().agent());
        return command;
    }

    private String program(String name) {
        Path program = options.programs().resolve("bin").resolve(name);
        return program.toString();
    }

    /** The usual ports are the first slot's; whoever comes later takes what is free. */
    private int port(@Nullable Integer given, int usual) {
        if (given != null) {
            return given;
        }
        return slot.number() == 0 ? usual : 0;
    }
}
