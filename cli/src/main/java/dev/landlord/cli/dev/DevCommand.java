package dev.landlord.cli.dev;

import dev.landlord.cli.session.Session;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;

/** Skeleton: the real one follows. */
@Command(
        name = "dev",
        description = "Run a control plane and an agent on this host, for trying Landlord out.",
        hidden = true)
public final class DevCommand implements Callable<Integer> {
    private final Session session;

    public DevCommand(Session session) {
        this.session = session;
    }

    @Override
    public Integer call() {
        session.terminal().say("not yet");
        return 1;
    }
}
