package dev.landlord.agent.stream;

import dev.landlord.agent.sandbox.Residents;
import dev.landlord.agent.sync.ControlPlaneClient;
import dev.landlord.agent.sync.ControlPlaneException;
import dev.landlord.agent.sync.StreamSink;
import dev.landlord.api.exec.ExecFrame;
import dev.landlord.api.exec.ExecSpec;
import dev.landlord.api.exec.ExecTerminal;
import dev.landlord.api.id.AllocationId;
import dev.landlord.api.sync.ExecRequest;
import dev.landlord.runtime.ExecSession;
import dev.landlord.runtime.SandboxException;
import dev.landlord.runtime.TerminalSize;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The programs that somebody sits in front of at one time. Thread-safe. */
public final class ExecStreams implements AutoCloseable {
    /** Each costs two threads, a connection, and a process beside those of the tenant. */
    static final int MAX_STREAMS = 16;

    private static final Logger LOG = LoggerFactory.getLogger(ExecStreams.class);

    private final ControlPlaneClient client;
    private final Residents residents;
    private final StreamThreads threads = new StreamThreads(MAX_STREAMS);

    public ExecStreams(ControlPlaneClient client, Residents residents) {
        this.client = client;
        this.residents = residents;
    }

    /** Serves the request on threads of its own. Refuses, and says so in the log, when too many are open. */
    public void open(ExecRequest request) {
        if (!threads.start("exec-" + request.allocation(), () -> serve(request))) {
            LOG.warn("exec {} in {} refused: {} are open", request.id(), request.allocation(), MAX_STREAMS);
        }
    }

    public int openStreams() {
        return threads.open();
    }

    private void serve(ExecRequest request) {
        ExecRelay relay = new ExecRelay();
        try (StreamSink.Duplex stream = client.openExec(request.id(), request.address(), relay)) {
            try (ExecSession session = open(request.allocation(), request)) {
                relay.run(session, stream);
            } catch (SandboxException e) {
                stream.send(new ExecFrame.Failed(String.valueOf(e.getMessage())).encode());
            }
        } catch (ControlPlaneException e) {
            LOG.info("exec in {} ended early: {}", request.allocation(), e.getMessage());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private ExecSession open(AllocationId allocation, ExecRequest request) {
        ExecSpec exec = request.exec();
        if (exec != null) {
            return residents.exec(allocation, spec(exec));
        }
        ExecSession session = residents.attach(allocation);
        ExecTerminal terminal =
                request.attach() == null ? null : request.attach().terminal();
        try {
            if (terminal != null) {
                session.resize(size(terminal));
            }
            return session;
        } catch (SandboxException e) {
            session.close();
            throw e;
        }
    }

    private static dev.landlord.runtime.ExecSpec spec(ExecSpec exec) {
        ExecTerminal terminal = exec.terminal();
        return terminal == null
                ? new dev.landlord.runtime.ExecSpec(exec.command(), Map.of(), exec.input(), null)
                : new dev.landlord.runtime.ExecSpec(
                        exec.command(), Map.of("TERM", terminal.type()), true, size(terminal));
    }

    private static TerminalSize size(ExecTerminal terminal) {
        return new TerminalSize(terminal.rows(), terminal.columns());
    }

    @Override
    public void close() {
        threads.close();
    }
}
