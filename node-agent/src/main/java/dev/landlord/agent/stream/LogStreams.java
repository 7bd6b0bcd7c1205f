package dev.landlord.agent.stream;

import dev.landlord.agent.sandbox.Residents;
import dev.landlord.agent.sync.ControlPlaneClient;
import dev.landlord.agent.sync.ControlPlaneException;
import dev.landlord.agent.sync.StreamSink;
import dev.landlord.api.sync.StreamRequest;
import dev.landlord.runtime.LogPage;
import dev.landlord.runtime.SandboxException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The streams that are open at one time. Thread-safe. */
public final class LogStreams implements AutoCloseable {
    /** Each costs a thread and a connection. */
    static final int MAX_STREAMS = 32;

    private static final long LOOK_AGAIN_MILLIS = 50;
    private static final long MAX_TAIL_BYTES = 16L << 20;
    private static final Logger LOG = LoggerFactory.getLogger(LogStreams.class);

    private final ControlPlaneClient client;
    private final Residents residents;
    private final StreamThreads threads = new StreamThreads(MAX_STREAMS);

    public LogStreams(ControlPlaneClient client, Residents residents) {
        this.client = client;
        this.residents = residents;
    }

    /** Serves the request on a thread of its own. Refuses, and says so in the log, when too many are open. */
    public void open(StreamRequest request) {
        if (!threads.start("stream-" + request.allocation(), () -> serve(request))) {
            LOG.warn("stream {} of {} refused: {} are open", request.id(), request.allocation(), MAX_STREAMS);
        }
    }

    public int openStreams() {
        return threads.open();
    }

    private void serve(StreamRequest request) {
        try (StreamSink sink = client.openStream(request.id(), request.address())) {
            try {
                pump(request, sink);
            } catch (SandboxException e) {
                sink.finish(String.valueOf(e.getMessage()));
            }
        } catch (ControlPlaneException e) {
            LOG.info("stream of {} ended early: {}", request.allocation(), e.getMessage());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void pump(StreamRequest request, StreamSink sink) throws InterruptedException {
        LogPage.Stream stream = switch (request.kind()) {
            case STDOUT -> LogPage.Stream.STDOUT;
            case STDERR -> LogPage.Stream.STDERR;
        };
        OutputTail tail = new OutputTail(residents, request.allocation(), stream);
        if (!tail.allocationIsHere()) {
            sink.finish("allocation " + request.allocation() + " is not on this node");
            return;
        }
        tail.seekBeforeEnd(Math.clamp(request.tailBytes(), 0, MAX_TAIL_BYTES));
        while (sink.isOpen()) {
            // Asked before reading, so that what is written in between is still sent.
            boolean more = request.follow() && tail.allocationIsHere();
            byte[] bytes = tail.next();
            if (bytes.length > 0) {
                sink.send(bytes);
            } else if (more) {
                Thread.sleep(LOOK_AGAIN_MILLIS);
            } else {
                return;
            }
        }
    }

    @Override
    public void close() {
        threads.close();
    }
}
