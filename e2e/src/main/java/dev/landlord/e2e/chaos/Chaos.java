package dev.landlord.e2e.chaos;

import dev.landlord.e2e.fault.FaultKind;
import dev.landlord.e2e.fault.Schedule;
import dev.landlord.e2e.host.ProcessEntry;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;

/**
 * Runs all faults in an order of a seed and writes {@code target/chaos/report.json}. Root only. Ends with 0 if nothing was lost,
 * doubled or otherwise wrong.
 *
 * <p>Arguments: the seed, one of the clock if there is none; then kinds of faults, all if there are none; {@code --older} with
 * the folder of an older distribution before them.
 */
public final class Chaos {
    private static final int HOSTS = 3;

    private Chaos() {}

    public static void main(String[] arguments) throws IOException, InterruptedException {
        PrintStream out = new PrintStream(System.out, true, StandardCharsets.UTF_8);
        if (!ProcessEntry.self().isRoot()) {
            out.println("chaos: needs root: it starts real containers");
            System.exit(2);
        }
        Path top = Path.of("").toAbsolutePath();
        List<String> words = List.of(arguments);
        Releases releases = Releases.only(top.resolve("dist/target/landlord"));
        if (words.size() > 1 && words.getFirst().equals("--older")) {
            releases = new Releases(distribution(words.get(1)), releases.newer());
            words = words.subList(2, words.size());
        }
        long seed = words.isEmpty() ? System.currentTimeMillis() % 1_000_000 : Long.parseLong(words.getFirst());
        List<FaultKind> kinds = words.size() < 2
                ? List.of(FaultKind.values())
                : words.stream()
                        .skip(1)
                        .map(word ->
                                FaultKind.valueOf(word.toUpperCase(Locale.ROOT).replace('-', '_')))
                        .toList();
        ChaosRun run = new ChaosRun(out, releases, seed, HOSTS, Schedule.of(seed, kinds));
        System.exit(run.play(top.resolve("target/chaos/report.json")) ? 0 : 1);
    }

    private static Path distribution(String folder) {
        Path path = Path.of(folder).toAbsolutePath();
        if (!Files.isExecutable(path.resolve("bin/landlord-control-plane"))) {
            throw new IllegalArgumentException(
                    "--older must be the folder of a distribution, with bin and lib; was " + path);
        }
        return path;
    }
}
