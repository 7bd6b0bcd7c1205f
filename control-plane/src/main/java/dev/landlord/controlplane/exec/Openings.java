package dev.landlord.controlplane.exec;

import dev.landlord.api.exec.AttachSpec;
import dev.landlord.api.exec.ExecFrame;
import dev.landlord.api.exec.ExecSpec;
import dev.landlord.api.problem.ProblemCode;
import dev.landlord.api.sync.ExecRequest;
import dev.landlord.controlplane.allocation.Allocation;
import dev.landlord.controlplane.event.EventRecord;
import dev.landlord.controlplane.event.Events;
import dev.landlord.controlplane.store.Database;
import dev.landlord.controlplane.sync.DialCalls;
import dev.landlord.controlplane.web.ProblemException;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

/** Has an agent dial back with a program, and leaves the event that says so. */
@Component
final class Openings {
    private static final long DIAL_MILLIS = 5000;
    private static final long START_MILLIS = 25_000;

    private final Database database;
    private final Events events;
    private final DialCalls dialCalls;
    private final ExecSessions sessions;

    Openings(Database database, Events events, DialCalls dialCalls, ExecSessions sessions) {
        this.database = database;
        this.events = events;
        this.dialCalls = dialCalls;
        this.sessions = sessions;
    }

    /**
     * Blocks until the program runs. Just one of the last two is there.
     *
     * @return the id of the session
     */
    String open(Allocation allocation, EventRecord event, @Nullable ExecSpec exec, @Nullable AttachSpec attach)
            throws InterruptedException {
        ExecSession session =
                sessions.create(allocation.node(), allocation.workload().tenant());
        boolean started = false;
        try {
            // Before anything happens, so that nothing ever happens without it.
            database.write(writer -> {
                events.append(writer, event);
                return true;
            });
            start(session, new ExecRequest(session.id(), allocation.id(), exec, attach, dialCalls.address()));
            started = true;
            return session.id();
        } finally {
            if (!started) {
                session.end("it was not started");
            }
        }
    }

    private void start(ExecSession session, ExecRequest request) throws InterruptedException {
        ExecFrame first = dial(session, request);
        if (first instanceof ExecFrame.Failed failed) {
            throw new ProblemException(ProblemCode.EXEC_REFUSED, failed.reason());
        }
    }

    private ExecFrame dial(ExecSession session, ExecRequest request) throws InterruptedException {
        boolean asked = dialCalls.ask(session.node(), request);
        try {
            if (!asked || !session.awaitDialled(DIAL_MILLIS)) {
                throw new ProblemException(
                        ProblemCode.UNAVAILABLE,
                        "node " + session.node() + " did not answer within " + DIAL_MILLIS + " ms");
            }
        } finally {
            dialCalls.withdraw(session.node(), request);
        }
        return session.awaitFirst(START_MILLIS)
                .orElseThrow(() -> new ProblemException(
                        ProblemCode.UNAVAILABLE,
                        "node " + session.node() + " did not start it within " + START_MILLIS + " ms"));
    }
}
