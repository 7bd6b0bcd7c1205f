package dev.landlord.agent.stream;

import dev.landlord.agent.diff.ObservedSandbox;
import dev.landlord.agent.sandbox.Resident;
import dev.landlord.agent.sandbox.Residents;
import dev.landlord.agent.sandbox.SandboxName;
import dev.landlord.api.id.AllocationId;
import dev.landlord.runtime.LogPage;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Reads one output of an allocation forward, from one run into the next. For one thread. */
final class OutputTail {
    private static final int PAGE_BYTES = 64 << 10;

    private final Residents residents;
    private final AllocationId allocation;
    private final LogPage.Stream stream;
    private @Nullable SandboxName run;
    private long offset;

    OutputTail(Residents residents, AllocationId allocation, LogPage.Stream stream) {
        this.residents = residents;
        this.allocation = allocation;
        this.stream = stream;
    }

    /** Begins this many bytes before the end of what the newest run has written so far. */
    void seekBeforeEnd(long tailBytes) {
        run = newest();
        if (run != null) {
            offset = Math.max(0, end(run) - tailBytes);
        }
    }

    boolean allocationIsHere() {
        return residents.find(allocation).isPresent();
    }

    /** The next bytes; empty when there are none now. Goes on to a newer run once the older one has no more. */
    byte[] next() {
        SandboxName newest = newest();
        if (run == null) {
            run = newest;
        }
        if (run == null) {
            return new byte[0];
        }
        LogPage page = residents.output(run, stream, offset, PAGE_BYTES).orElse(new LogPage(offset, new byte[0]));
        if (page.bytes().length == 0 && newest != null && !newest.equals(run)) {
            run = newest;
            offset = 0;
            page = residents.output(run, stream, offset, PAGE_BYTES).orElse(new LogPage(offset, new byte[0]));
        }
        offset = page.nextOffset();
        return page.bytes();
    }

    private @Nullable SandboxName newest() {
        Optional<Resident> resident = residents.find(allocation);
        ObservedSandbox sandbox = resident.map(Resident::sandbox).orElse(null);
        return sandbox == null ? null : new SandboxName(allocation, sandbox.run());
    }

    /** The end is found by asking for single bytes: first further and further out, then by halves. */
    private long end(SandboxName name) {
        long before = 0;
        long beyond = 1;
        while (true) {
            LogPage page = probe(name, beyond - 1);
            if (page.bytes().length == 0) {
                break;
            }
            before = page.nextOffset();
            beyond = before * 2;
        }
        while (before < beyond - 1) {
            long middle = before + (beyond - 1 - before) / 2;
            LogPage page = probe(name, middle);
            if (page.bytes().length == 0) {
                beyond = middle + 1;
            } else {
                before = page.nextOffset();
            }
        }
        return before;
    }

    private LogPage probe(SandboxName name, long at) {
        return residents.output(name, stream, at, 1).orElse(new LogPage(at, new byte[0]));
    }
}
