package dev.landlord.cli.manifest;

import static org.assertj.core.api.Assertions.assertThat;

import dev.landlord.cli.manifest.Shape.Fields;
import dev.landlord.cli.manifest.Shape.ListOf;
import dev.landlord.cli.manifest.Shape.MapOf;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Objects;
import java.util.TreeSet;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.dataformat.yaml.YAMLMapper;

/** A manifest may say what the REST API takes: what is checked here before it is sent may not fall behind. */
class ShapesTest {
    private static final Path DESCRIPTION = Path.of("../docs/openapi.yaml");

    @ParameterizedTest
    @CsvSource({"PLAN,PlanForm", "TENANT,TenantForm", "WORKLOAD,WorkloadForm"})
    void haveTheFieldsOfTheApi(Kind kind, String form) throws IOException {
        JsonNode schemas = YAMLMapper.builder()
                .build()
                .readTree(Files.readString(DESCRIPTION))
                .at("/components/schemas");
        Map<String, Shape> document = ((Fields) Shapes.document(kind)).known();
        compare(form, Objects.requireNonNull(document.get("spec")), schemas);
    }

    private static void compare(String form, Shape shape, JsonNode schemas) {
        Fields fields = (Fields) shape;
        JsonNode properties = schemas.path(form).path("properties");
        assertThat(new TreeSet<>(fields.known().keySet()))
                .as(form)
                .isEqualTo(new TreeSet<>(properties.propertyNames()));
        fields.known().forEach((name, inner) -> {
            JsonNode property = properties.path(name);
            if (inner instanceof Fields) {
                compare(referred(property), inner, schemas);
            } else if (inner instanceof ListOf list && list.element() instanceof Fields) {
                compare(referred(property.path("items")), list.element(), schemas);
            } else if (inner instanceof MapOf map && map.value() instanceof Fields) {
                compare(referred(property.path("additionalProperties")), map.value(), schemas);
            }
        });
    }

    private static String referred(JsonNode schema) {
        String reference = schema.path("$ref").asString();
        return reference.substring(reference.lastIndexOf('/') + 1);
    }
}
