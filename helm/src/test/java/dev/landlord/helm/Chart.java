package dev.landlord.helm;

import com.marcnuri.helm.DryRun;
import com.marcnuri.helm.Helm;
import com.marcnuri.helm.LintResult;
import com.marcnuri.helm.Release;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/** The chart of this folder, rendered by Helm itself, as release {@code landlord} in namespace {@code hosting}. */
final class Chart {
    static final Path FOLDER = Path.of("landlord").toAbsolutePath();

    private static final Path VALUES = Path.of("src", "test", "resources", "values");
    private static final String NAMESPACE = "hosting";

    private Chart() {}

    /** The sets of values that every test of rendered objects runs over, by the names of their files. */
    static List<String> valueSets() {
        try (Stream<Path> files = Files.list(VALUES)) {
            return files.map(file -> file.getFileName().toString().replace(".yaml", ""))
                    .sorted()
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static Path values(String set) {
        return VALUES.resolve(set + ".yaml").toAbsolutePath();
    }

    static String render(String set) {
        return render(values(set));
    }

    /** @throws IllegalStateException with Helm's message if the chart refuses the values */
    static String render(Path values) {
        return new Helm(FOLDER)
                .template()
                .withName("landlord")
                .withNamespace(NAMESPACE)
                .withValuesFile(values)
                .call();
    }

    /** What an installation into the cluster of the configuration says; it asks the cluster much, and changes nothing. */
    static String tryOut(String set, String kubeConfig) {
        Release release = new Helm(FOLDER)
                .install()
                .withName("landlord")
                .withNamespace(NAMESPACE)
                .withValuesFile(values(set))
                .withKubeConfigContents(kubeConfig)
                .disableOpenApiValidation()
                .withDryRunOption(DryRun.SERVER)
                .call();
        return release.getOutput();
    }

    static LintResult lint() {
        return new Helm(FOLDER).lint().strict().call();
    }

    /** A file of the chart. */
    static String file(String name) {
        try {
            return Files.readString(FOLDER.resolve(name));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
