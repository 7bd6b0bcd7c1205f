package dev.landlord.e2e.bench;

import java.io.IOException;
import java.io.PrintStream;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Lets the contestants launch in turns. One that fails leaves the race, and its reason is kept. Not thread-safe. */
final class Race {
    /**
     * @param rounds of which each contestant has one launch
     * @param pauseMillis before each launch, 0 for back to back
     * @param slowEvery contestants that take long only have a launch in each so many-th round
     */
    record Pace(int rounds, long pauseMillis, int slowEvery) {}

    private static final String SLOW = "docker";

    private final PrintStream out;
    private final List<Contestant> contestants = new ArrayList<>();
    private final Map<String, String> absent = new LinkedHashMap<>();

    Race(PrintStream out) {
        this.out = out;
    }

    /** Makes a contestant. */
    @FunctionalInterface
    interface Entry {
        Contestant enter() throws IOException, InterruptedException;
    }

    void enter(String name, Entry entry) throws InterruptedException {
        try {
            contestants.add(entry.enter());
        } catch (IOException | RuntimeException e) {
            drop(name, e);
        }
    }

    /** Name to reason of those that cannot run here. */
    Map<String, String> absent() {
        return Map.copyOf(absent);
    }

    Map<String, Series> run(Pace pace) throws InterruptedException {
        Map<String, Series> series = new LinkedHashMap<>();
        for (int round = 0; round < pace.rounds(); round++) {
            for (Contestant contestant : List.copyOf(contestants)) {
                if (contestant.name().equals(SLOW) && round % pace.slowEvery() != 0) {
                    continue;
                }
                Thread.sleep(pace.pauseMillis());
                launch(contestant, series.computeIfAbsent(contestant.name(), name -> new Series()));
            }
        }
        return series;
    }

    private void launch(Contestant contestant, Series series) {
        try {
            series.add(contestant.launch());
        } catch (IOException | RuntimeException e) {
            contestants.remove(contestant);
            close(contestant);
            drop(contestant.name(), e);
        }
    }

    void close() {
        contestants.forEach(this::close);
        contestants.clear();
    }

    private void close(Contestant contestant) {
        try {
            contestant.close();
        } catch (IOException | RuntimeException e) {
            out.println("closing " + contestant.name() + ": " + e.getMessage());
        }
    }

    private void drop(String name, Exception reason) {
        String text = String.valueOf(reason.getMessage()).lines().findFirst().orElse("no reason given");
        absent.put(name, text);
        out.println(name + " cannot run here: " + text);
    }
}
