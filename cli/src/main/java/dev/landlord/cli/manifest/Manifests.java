package dev.landlord.cli.manifest;

import dev.landlord.api.id.PlanName;
import dev.landlord.api.id.TenantName;
import dev.landlord.api.id.WorkloadName;
import dev.landlord.cli.failure.CommandFailure;
import dev.landlord.cli.failure.ExitCode;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.MappingIterator;
import tools.jackson.databind.node.ObjectNode;
import tools.jackson.dataformat.yaml.YAMLMapper;
import tools.jackson.dataformat.yaml.YAMLParser;

/** Reads all documents of one input. */
public final class Manifests {
    static final int MAX_DOCUMENTS = 1000;
    private static final int MAX_ERRORS = 50;

    private static final YAMLMapper MAPPER = YAMLMapper.builder()
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .build();

    private final String source;
    private final List<Manifest> manifests = new ArrayList<>();
    private final List<String> errors = new ArrayList<>();
    private final Map<String, Integer> seen = new HashMap<>();

    private Manifests(String source) {
        this.source = source;
    }

    /**
     * The documents in the order in which they are to be applied.
     *
     * @param source named in errors, for example the file
     * @throws CommandFailure with one line per error, when there is any
     */
    public static List<Manifest> parse(String source, String yaml) {
        Manifests reading = new Manifests(source);
        reading.read(yaml);
        if (!reading.errors.isEmpty()) {
            throw new CommandFailure(
                    ExitCode.USAGE, reading.errors.subList(0, Math.min(MAX_ERRORS, reading.errors.size())));
        }
        if (reading.manifests.isEmpty()) {
            throw CommandFailure.usage(source + ": holds no document");
        }
        return reading.manifests.stream()
                .sorted(Comparator.comparing(Manifest::kind))
                .toList();
    }

    private void read(String yaml) {
        int document = 0;
        try {
            refuseAliases(yaml);
            try (MappingIterator<JsonNode> documents =
                    MAPPER.readerFor(JsonNode.class).readValues(yaml)) {
                while (documents.hasNextValue()) {
                    document++;
                    JsonNode node = documents.nextValue();
                    if (document > MAX_DOCUMENTS) {
                        throw CommandFailure.usage(source + ": more than " + MAX_DOCUMENTS + " documents");
                    }
                    if (node != null && !node.isNull()) {
                        take(document, node);
                    }
                }
            }
        } catch (JacksonException e) {
            var place = e.getLocation();
            String where = place == null ? "" : " line " + place.getLineNr() + ", column " + place.getColumnNr();
            // The parser's message goes over several lines: what and where, then an excerpt; the last that begins at
            // the margin says why.
            String reason = e.getOriginalMessage()
                    .lines()
                    .filter(line -> !line.isBlank() && !line.startsWith(" "))
                    .reduce((first, last) -> last)
                    .orElse("is not YAML");
            throw new CommandFailure(ExitCode.USAGE, source + where + ": " + reason, e);
        }
    }

    /** An alias would come out of the tree as its own name, as if it were a string: a silent misreading. */
    private void refuseAliases(String yaml) {
        try (JsonParser parser = MAPPER.createParser(yaml)) {
            while (parser.nextToken() != null) {
                if (parser instanceof YAMLParser tokens && tokens.isCurrentAlias()) {
                    throw CommandFailure.usage(source + " line "
                            + parser.currentTokenLocation().getLineNr() + ": aliases (*name) are not supported");
                }
            }
        }
    }

    private void take(int document, JsonNode node) {
        Kind kind = kind(node);
        if (kind == null) {
            errors.add(source + " document " + document + ": kind: must be one of "
                    + String.join(
                            ", ", Arrays.stream(Kind.values()).map(Kind::word).toList()));
            return;
        }
        String name = node.path("name").asString("");
        String label = source + " document " + document + " (" + kind.word() + (name.isEmpty() ? "" : " " + name) + ")";
        int before = errors.size();
        BiConsumer<String, String> problems = (path, rule) -> errors.add(label + ": " + path + ": " + rule);
        Shapes.document(kind).check("", node, problems);
        if (errors.size() > before) {
            return;
        }
        checkName("name", kind, name, problems);
        TenantName tenant = tenant(node, problems);
        String identity = kind + "/" + (tenant == null ? "" : tenant) + "/" + name;
        Integer earlier = seen.putIfAbsent(identity, document);
        if (earlier != null) {
            problems.accept("name", "is the same as in document " + earlier);
        }
        manifests.add(new Manifest(document, kind, name, tenant, (ObjectNode) node.get("spec")));
    }

    private static @Nullable Kind kind(JsonNode node) {
        for (Kind kind : Kind.values()) {
            if (kind.word().equals(node.path("kind").asString(""))) {
                return kind;
            }
        }
        return null;
    }

    private static void checkName(String field, Kind kind, String name, BiConsumer<String, String> problems) {
        try {
            Object unused = switch (kind) {
                case PLAN -> new PlanName(name);
                case TENANT -> new TenantName(name);
                case WORKLOAD -> new WorkloadName(name);
            };
        } catch (IllegalArgumentException e) {
            problems.accept(field, e.getMessage());
        }
    }

    private static @Nullable TenantName tenant(JsonNode node, BiConsumer<String, String> problems) {
        if (!node.has("tenant")) {
            return null;
        }
        try {
            return new TenantName(node.get("tenant").asString());
        } catch (IllegalArgumentException e) {
            problems.accept("tenant", String.valueOf(e.getMessage()));
            return null;
        }
    }
}
