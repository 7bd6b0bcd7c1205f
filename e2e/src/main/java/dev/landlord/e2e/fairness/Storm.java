package dev.landlord.e2e.fairness;

import dev.landlord.e2e.cluster.RestClient;
import dev.landlord.e2e.cluster.TimedDeployment;
import java.io.UncheckedIOException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.LongAdder;
import java.util.stream.IntStream;

/**
 * A tenant that submits workloads, one after the other in each of several lines, until it has submitted enough or is told to
 * end. Nearly all of what is accepted finds no place, so each pass has it before itself again.
 */
public final class Storm implements AutoCloseable {
    private static final int LINES = 16;
    /** One of them fits beside what others deploy; the second has no place. */
    private static final long REPLICA_BYTES = 600L << 20;

    private final RestClient client;
    private final String workloads;
    private final int most;
    private final int characters;
    private final AtomicInteger begun = new AtomicInteger();
    private final Map<Integer, LongAdder> answers = new ConcurrentSkipListMap<>();
    private final ExecutorService lines = Executors.newFixedThreadPool(LINES);
    private final List<Future<?>> running;
    private volatile boolean over;

    /** @param characters of a variable that each of the workloads has in a form of its own; 0 or more */
    public Storm(TimedDeployment tenant, int most, int characters) {
        this.client = tenant.client();
        this.workloads = tenant.path() + "/workloads/";
        this.most = most;
        this.characters = characters;
        this.running = IntStream.range(0, LINES)
                .<Future<?>>mapToObj(line -> lines.submit(this::submit))
                .toList();
    }

    private void submit() {
        Map<String, Object> form = new HashMap<>(TimedDeployment.form(10, REPLICA_BYTES, 1));
        for (int number = begun.getAndIncrement(); number < most && !over; number = begun.getAndIncrement()) {
            form.put("env", Map.of("STORM", own(number)));
            int status = status(workloads + "storm-" + number, form);
            answers.computeIfAbsent(status, none -> new LongAdder()).increment();
        }
    }

    private String own(int number) {
        String word = number + " ";
        return word.repeat(characters / word.length());
    }

    /** 0 if there was no answer: a server may turn its back on such a client. */
    private int status(String path, Map<String, Object> form) {
        try {
            return client.put(path, form).status();
        } catch (UncheckedIOException noAnswer) {
            return 0;
        }
    }

    boolean isOver() {
        return running.stream().allMatch(Future::isDone);
    }

    /** How often there was which status so far. */
    public Map<Integer, LongAdder> answers() {
        return answers;
    }

    /** Waits for the last answers. */
    @Override
    public void close() {
        over = true;
        lines.close();
    }
}
