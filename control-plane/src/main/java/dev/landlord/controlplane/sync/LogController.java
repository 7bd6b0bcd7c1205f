package dev.landlord.controlplane.sync;

import dev.landlord.api.id.AllocationId;
import dev.landlord.api.id.TenantName;
import dev.landlord.api.problem.ProblemCode;
import dev.landlord.api.sync.StreamRequest;
import dev.landlord.controlplane.allocation.Allocation;
import dev.landlord.controlplane.allocation.Allocations;
import dev.landlord.controlplane.store.Database;
import dev.landlord.controlplane.web.ProblemException;
import dev.landlord.controlplane.web.Wire;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.io.OutputStream;
import java.time.Duration;
import org.apache.coyote.CloseNowException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

/** Output of programs, as the node has it. Blocks a virtual thread as long as it lasts. */
@RestController
class LogController {
    private static final Logger LOG = LoggerFactory.getLogger(LogController.class);
    private static final long TAIL_MAX_BYTES = 16L << 20;
    private static final long DIAL_MILLIS = 5000;
    private static final Duration LONGEST = Duration.ofHours(1);

    private final Database database;
    private final Allocations allocations;
    private final DialCalls dialCalls;
    private final Streams streams;

    LogController(Database database, Allocations allocations, DialCalls dialCalls, Streams streams) {
        this.database = database;
        this.allocations = allocations;
        this.dialCalls = dialCalls;
        this.streams = streams;
    }

    @GetMapping("/api/v1/tenants/{tenant}/allocations/{allocation}/logs")
    void logs(
            @PathVariable TenantName tenant,
            @PathVariable AllocationId allocation,
            @RequestParam(name = "stream", defaultValue = "stdout") String stream,
            @RequestParam(name = "follow", defaultValue = "false") boolean follow,
            @RequestParam(name = "tailBytes", defaultValue = "65536") long tailBytes,
            HttpServletResponse response)
            throws IOException, InterruptedException {
        StreamRequest.Kind kind = Wire.parse(StreamRequest.Kind.class, stream)
                .orElseThrow(() -> ProblemException.invalidField(
                        "?stream", "must be one of " + Wire.all(StreamRequest.Kind.class)));
        if (tailBytes < 0 || tailBytes > TAIL_MAX_BYTES) {
            throw ProblemException.invalidField("?tailBytes", "must be between 0 and " + TAIL_MAX_BYTES);
        }
        Allocation found = database.read(reader -> allocations.find(reader, tenant, allocation))
                .orElseThrow(() -> ProblemException.notFound("allocation", allocation.value()));
        StreamSession session = streams.create(found.node(), tenant);
        try {
            StreamRequest request =
                    new StreamRequest(session.id(), kind, allocation, follow, tailBytes, dialCalls.address());
            dial(session, request);
            copy(session, follow, response);
        } finally {
            streams.close(session);
        }
    }

    /** Asks the agent, and waits until it has dialled. */
    private void dial(StreamSession session, StreamRequest request) throws InterruptedException {
        boolean asked = dialCalls.ask(session.node(), request);
        try {
            if (!asked || !session.awaitOpen(DIAL_MILLIS)) {
                throw new ProblemException(
                        ProblemCode.UNAVAILABLE,
                        "node " + session.node() + " did not answer within " + DIAL_MILLIS + " ms");
            }
        } finally {
            dialCalls.withdraw(session.node(), request);
        }
    }

    private static void copy(StreamSession session, boolean follow, HttpServletResponse response)
            throws IOException, InterruptedException {
        // Unless it follows, the first bytes or the end come at once, and a failure can still be told as one.
        byte[] chunk = follow ? new byte[0] : first(session);
        response.setContentType("text/plain;charset=UTF-8");
        response.setHeader("Cache-Control", "no-store");
        OutputStream out = response.getOutputStream();
        if (follow) {
            response.flushBuffer();
        }
        long until = System.nanoTime() + LONGEST.toNanos();
        while (chunk != null && System.nanoTime() < until) {
            out.write(chunk);
            if (!session.hasMore()) {
                out.flush();
            }
            chunk = next(session, response);
        }
    }

    /** Once the client has some of it, only a broken connection tells that it is not all. */
    private static byte @Nullable [] next(StreamSession session, HttpServletResponse response)
            throws IOException, InterruptedException {
        try {
            return session.read();
        } catch (IOException failure) {
            if (!response.isCommitted()) {
                response.resetBuffer();
                throw new ProblemException(ProblemCode.UNAVAILABLE, String.valueOf(failure.getMessage()));
            }
            LOG.info("Breaking off an answer: {}", failure.getMessage());
            throw new CloseNowException(failure.getMessage(), failure);
        }
    }

    private static byte @Nullable [] first(StreamSession session) throws InterruptedException {
        try {
            return session.read();
        } catch (IOException failure) {
            throw new ProblemException(ProblemCode.UNAVAILABLE, String.valueOf(failure.getMessage()));
        }
    }
}
