package dev.landlord.cli.logs;

import dev.landlord.api.id.AllocationId;
import dev.landlord.api.id.TenantName;
import dev.landlord.cli.client.ApiPath;
import dev.landlord.cli.client.LandlordClient;
import dev.landlord.cli.failure.CommandFailure;
import dev.landlord.cli.failure.ExitCode;
import dev.landlord.cli.session.Session;
import java.io.IOException;
import java.io.InputStream;
import java.util.Deque;
import org.jspecify.annotations.Nullable;

/** The log of one stream of one allocation. */
public final class LogSource {
    private static final long DEFAULT_BYTES = 64 << 10;
    private static final long MAX_BYTES = 16 << 20;
    /** How much is fetched for each line that was asked for; longer lines mean fewer of them. */
    private static final long BYTES_PER_LINE = 4 << 10;

    private final LandlordClient client;
    private final ApiPath logs;

    public LogSource(LandlordClient client, TenantName tenant, AllocationId allocation, String stream) {
        this.client = client;
        this.logs = Session.tenantPath(tenant)
                .child("allocations")
                .child(allocation)
                .child("logs")
                .query("stream", stream);
    }

    /**
     * Copies until the log ends, or for ever.
     *
     * @param tail at most so many lines of the past; null: what the server keeps at hand
     */
    public void copy(boolean follow, @Nullable Integer tail, String prefix, LogOutput output) {
        try {
            if (tail == null) {
                copy(follow, DEFAULT_BYTES, prefix, output);
            } else if (!follow) {
                last(tail).forEach(line -> output.write(prefix, line));
            } else {
                // The server counts in bytes. First see how many bytes the lines have, then follow from that many back:
                // what
                // is written in between pushes the beginning on a little, and nothing new is lost.
                long bytes = tail == 0
                        ? 0
                        : last(tail).stream().mapToLong(line -> line.length).sum();
                copy(true, bytes, prefix, output);
            }
        } catch (IOException e) {
            throw new CommandFailure(ExitCode.UNREACHABLE, "the log broke off: " + e.getMessage(), e);
        }
    }

    private void copy(boolean follow, long tailBytes, String prefix, LogOutput output) throws IOException {
        try (InputStream in = open(follow, tailBytes)) {
            LogLines lines = new LogLines(in);
            byte[] line = lines.next();
            while (line != null && output.write(prefix, line)) {
                line = lines.next();
            }
        }
    }

    private Deque<byte[]> last(int lines) throws IOException {
        long bytes = lines == 0 ? 0 : Math.clamp(lines * BYTES_PER_LINE, DEFAULT_BYTES, MAX_BYTES);
        try (InputStream in = open(false, bytes)) {
            return LogLines.last(in, lines);
        }
    }

    private InputStream open(boolean follow, long tailBytes) {
        return client.stream(logs.query("follow", follow).query("tailBytes", tailBytes));
    }
}
