package dev.landlord.helm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvFileSource;

/** Wrong and unknown values are refused, with one line that says which and why. */
class SchemaTest {
    private static final JsonMapper JSON = new JsonMapper();

    @TempDir
    Path folder;

    @ParameterizedTest
    @CsvFileSource(resources = "/refused.csv", useHeadersInDisplayName = true, delimiterString = " | ")
    void refuses(String pointer, String value, String message) throws IOException {
        ObjectNode values = JSON.createObjectNode();
        values.putObject("image").put("repository", "registry.example/landlord");
        set(values, pointer, new YAMLMapper().readTree(value));
        Path file = Files.writeString(folder.resolve("values.json"), JSON.writeValueAsString(values));
        assertThatThrownBy(() -> Chart.render(file))
                .satisfies(refusal -> assertThat(complaints(String.valueOf(refusal.getMessage())))
                        .singleElement()
                        .isEqualTo(message));
    }

    /** Every value has a place in the schema, and the schema names no value that there is not. */
    @Test
    void describesExactlyTheValues() throws IOException {
        JsonNode schema = JSON.readTree(Chart.file("values.schema.json"));
        TreeSet<String> described = new TreeSet<>();
        described(schema, "", described);
        TreeSet<String> present = new TreeSet<>();
        present(new YAMLMapper().readTree(Chart.file("values.yaml")), "", described, present);
        described.remove("/global"); // Helm's own, for charts above this one
        assertThat(present).isEqualTo(described);
    }

    private static void described(JsonNode schema, String pointer, Set<String> leaves) {
        if (!schema.has("properties")) {
            leaves.add(pointer);
        }
        schema.path("properties")
                .properties()
                .forEach(entry -> described(entry.getValue(), pointer + "/" + entry.getKey(), leaves));
    }

    private static void present(JsonNode values, String pointer, Set<String> described, Set<String> leaves) {
        if (!values.isObject() || described.contains(pointer)) {
            leaves.add(pointer);
            return;
        }
        values.properties()
                .forEach(entry -> present(entry.getValue(), pointer + "/" + entry.getKey(), described, leaves));
    }

    private static void set(ObjectNode values, String pointer, JsonNode value) {
        String[] path = pointer.substring(1).split("/");
        ObjectNode at = values;
        for (String part : List.of(path).subList(0, path.length - 1)) {
            at = at.withObject("/" + part);
        }
        at.set(path[path.length - 1].replace("~1", "/"), value);
    }

    /** The lines of Helm's message that say what is wrong, without where in which file. */
    private static List<String> complaints(String message) {
        List<String> ofSchema =
                message.lines().filter(line -> line.startsWith("- ")).toList();
        if (!ofSchema.isEmpty()) {
            return ofSchema.stream().map(line -> line.substring(2)).toList();
        }
        return message.lines()
                .filter(line -> line.startsWith("execution error at"))
                .map(line -> line.replaceFirst("^.*?\\): ", ""))
                .toList();
    }
}
