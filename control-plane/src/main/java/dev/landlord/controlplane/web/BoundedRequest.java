package dev.landlord.controlplane.web;

import dev.landlord.api.problem.ProblemCode;
import jakarta.servlet.ReadListener;
import jakarta.servlet.ServletInputStream;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletRequestWrapper;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.TimeUnit;

/**
 * A request whose body ends with a problem after so many bytes, whatever its headers promise, and after so long, however often
 * a byte comes.
 */
final class BoundedRequest extends HttpServletRequestWrapper {
    private final long maxBytes;
    private final long maxMillis;

    BoundedRequest(HttpServletRequest request, long maxBytes, long maxMillis) {
        super(request);
        this.maxBytes = maxBytes;
        this.maxMillis = maxMillis;
        check(request.getContentLengthLong());
    }

    @Override
    public ServletInputStream getInputStream() throws IOException {
        return new Bounded(super.getInputStream());
    }

    @Override
    public BufferedReader getReader() throws IOException {
        return new BufferedReader(new InputStreamReader(getInputStream(), StandardCharsets.UTF_8));
    }

    private void check(long bytes) {
        if (bytes > maxBytes) {
            throw new ProblemException(ProblemCode.BODY_TOO_LARGE, "a body may have at most " + maxBytes + " bytes");
        }
    }

    @FunctionalInterface
    private interface Read {
        int read() throws IOException;
    }

    private final class Bounded extends ServletInputStream {
        private final ServletInputStream source;
        private final long untilNanos = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(maxMillis);
        private long seen;

        Bounded(ServletInputStream source) {
            this.source = source;
        }

        @Override
        public int read() throws IOException {
            int next = timed(source::read);
            count(next < 0 ? 0 : 1);
            return next;
        }

        @Override
        public int read(byte[] buffer, int offset, int length) throws IOException {
            int read = timed(() -> source.read(buffer, offset, length));
            count(Math.max(0, read));
            return read;
        }

        private int timed(Read read) throws IOException {
            int bytes;
            try {
                bytes = read.read();
            } catch (SocketTimeoutException silent) {
                throw tooSlow();
            } catch (IOException failure) {
                if (failure.getCause() instanceof SocketTimeoutException) {
                    throw tooSlow();
                }
                throw failure;
            }
            if (bytes >= 0 && System.nanoTime() - untilNanos > 0) {
                throw tooSlow();
            }
            return bytes;
        }

        private ProblemException tooSlow() {
            return new ProblemException(
                    ProblemCode.REQUEST_TIMEOUT,
                    "a body must come within " + maxMillis / 1000 + " s, and without long pauses");
        }

        private void count(int more) {
            seen += more;
            check(seen);
        }

        @Override
        public boolean isFinished() {
            return source.isFinished();
        }

        @Override
        public boolean isReady() {
            return source.isReady();
        }

        @Override
        public void setReadListener(ReadListener listener) {
            source.setReadListener(listener);
        }
    }
}
