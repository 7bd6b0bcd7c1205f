package dev.landlord.e2e.history;

import dev.landlord.e2e.history.Event.Change;
import dev.landlord.e2e.history.Event.Reading;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Judges a history. The log gives the states of each workload one after the other; each client goes through them and may
 * stand still or skip, and never goes back: neither behind what it has read, nor behind what it was told is done.
 */
public final class HistoryChecker {
    private final Map<String, List<Entry>> byRequest = new HashMap<>();
    private final Map<String, List<State>> states = new HashMap<>();
    /** Where in the states of its workload each entry is. */
    private final Map<Long, Integer> positions = new HashMap<>();
    /** How far each client has come in the states of each workload. */
    private final Map<String, Integer> seen = new HashMap<>();

    private final Map<String, Long> indexes = new HashMap<>();
    private final Map<String, Long> lastEntry = new HashMap<>();
    private final List<String> lost = new ArrayList<>();
    private final List<String> duplicated = new ArrayList<>();
    private final List<String> violations = new ArrayList<>();
    private int acknowledged;

    private HistoryChecker(List<Entry> log) {
        log.stream().sorted(Comparator.comparingLong(Entry::id)).forEach(this::learn);
    }

    private void learn(Entry entry) {
        List<State> of = states.computeIfAbsent(entry.resource(), none -> new ArrayList<>(List.of(State.ABSENT)));
        positions.put(entry.id(), of.size());
        of.add(entry.after());
        byRequest.computeIfAbsent(entry.requestId(), none -> new ArrayList<>()).add(entry);
    }

    /**
     * Judges what clients saw.
     *
     * @param events those of each client in their order; how those of several clients are mixed does not matter
     * @param log all changes of the workloads that the clients changed
     * @param end what is there in the end; what is not there may be left out
     */
    public static Verdict judge(List<Event> events, List<Entry> log, Map<String, State> end) {
        HistoryChecker checker = new HistoryChecker(log);
        for (Event event : events) {
            switch (event) {
                case Change change -> checker.change(change);
                case Reading reading -> checker.reading(reading);
            }
        }
        checker.strangers(events);
        checker.end(end);
        return new Verdict(checker.acknowledged, checker.lost, checker.duplicated, checker.violations);
    }

    private void change(Change change) {
        List<Entry> done = byRequest.getOrDefault(change.requestId(), List.of());
        if (done.size() > 1 && (change.once() || change.tries() == 1)) {
            duplicated.add(words(change) + " was done " + done.size() + " times");
        }
        done.forEach(entry -> content(change, entry));
        switch (change.outcome()) {
            case ACKNOWLEDGED -> acknowledged(change, done);
            case REFUSED -> {
                if (!done.isEmpty()) {
                    violations.add(words(change) + " was refused, and done");
                }
            }
            case UNKNOWN -> {}
        }
    }

    private void content(Change change, Entry entry) {
        if (!entry.resource().equals(change.resource())) {
            violations.add(words(change) + " changed " + entry.resource());
        }
        Integer mark = change.mark();
        if (mark != null && entry.after().mark() != mark) {
            violations.add(words(change) + " wrote " + mark + " and left " + entry.after());
        }
    }

    private void acknowledged(Change change, List<Entry> done) {
        acknowledged++;
        if (done.isEmpty()) {
            lost.add(words(change) + " was acknowledged and is not in the log");
            return;
        }
        long first = done.getFirst().id();
        Long before = lastEntry.put(change.client(), first);
        if (before != null && before > first) {
            violations.add(words(change) + " was done before one that its client knew to be done when it asked");
        }
        seen.merge(key(change), positions.getOrDefault(first, 0), Integer::max);
    }

    private void reading(Reading reading) {
        long before = indexes.merge(reading.client() + " " + reading.replica(), reading.index(), Long::max);
        if (reading.index() != Reading.NO_INDEX && before > reading.index()) {
            violations.add(words(reading) + " came with index " + reading.index() + " after " + before);
        }
        List<State> of = states.getOrDefault(reading.resource(), List.of(State.ABSENT));
        int from = seen.getOrDefault(key(reading), 0);
        int found = from;
        while (found < of.size() && !of.get(found).equals(reading.state())) {
            found++;
        }
        if (found < of.size()) {
            seen.put(key(reading), found);
        } else {
            String what = of.subList(0, from).contains(reading.state()) ? " is older than " : " was never after ";
            violations.add(words(reading) + what + of.get(from));
        }
    }

    /** Changes of which no client knows. */
    private void strangers(List<Event> events) {
        Set<String> known = new HashSet<>();
        for (Event event : events) {
            if (event instanceof Change change) {
                known.add(change.requestId());
            }
        }
        byRequest.forEach((requestId, entries) -> {
            if (!known.contains(requestId)) {
                violations.add(entries.getFirst() + " was asked for by no client");
            }
        });
    }

    private void end(Map<String, State> end) {
        Map<String, State> expected = new LinkedHashMap<>();
        states.forEach((resource, of) -> expected.put(resource, of.getLast()));
        end.keySet().forEach(resource -> expected.putIfAbsent(resource, State.ABSENT));
        expected.forEach((resource, last) -> {
            State is = end.getOrDefault(resource, State.ABSENT);
            if (!is.equals(last)) {
                violations.add(resource + " ended as " + is + ", and the last change left " + last);
            }
        });
    }

    private static String key(Event event) {
        return event.client() + " " + event.resource();
    }

    private static String words(Change change) {
        return change.client() + ": " + change.method() + " " + change.resource() + " (" + change.requestId() + ", "
                + change.tries() + " tries)";
    }

    private static String words(Reading reading) {
        return reading.client() + ": " + reading.state() + " of " + reading.resource() + " from " + reading.replica();
    }
}
