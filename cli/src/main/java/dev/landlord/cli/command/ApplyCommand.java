package dev.landlord.cli.command;

import dev.landlord.api.id.PlanName;
import dev.landlord.api.id.TenantName;
import dev.landlord.api.id.WorkloadName;
import dev.landlord.cli.client.ApiPath;
import dev.landlord.cli.client.Reply;
import dev.landlord.cli.failure.CommandFailure;
import dev.landlord.cli.failure.ExitCode;
import dev.landlord.cli.manifest.Kind;
import dev.landlord.cli.manifest.Manifest;
import dev.landlord.cli.manifest.Manifests;
import dev.landlord.cli.render.Fields;
import dev.landlord.cli.render.PreviewText;
import dev.landlord.cli.session.Patience;
import dev.landlord.cli.session.Session;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** Makes the server equal to a file of manifests. */
@Command(
        name = "apply",
        description = {
            "Make or change what a file describes.",
            "The file holds YAML documents: {kind: Workload|Plan|Tenant, name, tenant, spec}.",
            "All documents are checked before the first is sent. Plans go first, then tenants, then workloads."
        },
        footerHeading = "%nExample:%n",
        footer = {
            "  kind: Workload",
            "  name: shop",
            "  tenant: alice",
            "  spec:",
            "    image: busybox",
            "    command: [sh, -c, \"while :; do date; sleep 1; done\"]"
        })
final class ApplyCommand implements Callable<Integer> {
    private static final int MAX_BYTES = 4 << 20;

    private final Session session;

    @Option(
            names = {"-f", "--file"},
            required = true,
            paramLabel = "FILE",
            description = "the file; - is stdin")
    private String file = "";

    @Option(names = "--wait", description = "until every replica of every workload runs as described")
    private boolean wait;

    @Option(names = "--timeout", paramLabel = "SECONDS", description = "with --wait; 120 if not given")
    private int timeoutSeconds = 120;

    @Option(
            names = "--preview",
            description = "only say what the workloads in it would lead to; the plans and tenants have to be there")
    private boolean preview;

    ApplyCommand(Session session) {
        this.session = session;
    }

    @Override
    public Integer call() {
        List<Manifest> manifests = Manifests.parse(file.equals("-") ? "stdin" : file, text());
        session.options().output();
        Map<Manifest, TenantName> tenants = tenants(manifests);
        ArrayNode results = JsonMapper.shared().createArrayNode();
        List<String> lines = new ArrayList<>();
        try {
            for (Manifest manifest : manifests) {
                TenantName tenant = tenants.get(manifest);
                if (!preview) {
                    results.add(apply(manifest, tenant, lines));
                } else if (tenant != null) {
                    results.add(preview(manifest, tenant, lines));
                }
            }
        } finally {
            // Also when one was refused: what was applied before it is applied, and a token is shown only now.
            ObjectNode whole = JsonMapper.shared().createObjectNode();
            whole.set("items", results);
            session.printer().print(whole, out -> lines.forEach(out::println));
        }
        if (wait && !preview) {
            waitForAll(manifests, tenants);
        }
        return 0;
    }

    /** Before anything is sent, so that a missing tenant does not stop us half way. */
    private Map<Manifest, TenantName> tenants(List<Manifest> manifests) {
        Map<Manifest, TenantName> tenants = new HashMap<>();
        for (Manifest manifest : manifests) {
            if (manifest.kind() == Kind.WORKLOAD) {
                TenantName own = manifest.tenant();
                TenantName named = session.options().flags().tenant() == null
                        ? null
                        : session.settings().tenant();
                if (own != null && named != null && !own.equals(named)) {
                    throw CommandFailure.usage(
                            manifest.label() + ": tenant: is " + own + ", but --tenant says " + named);
                }
                tenants.put(manifest, own == null ? session.tenant() : own);
            }
        }
        return tenants;
    }

    private JsonNode preview(Manifest manifest, TenantName tenant, List<String> lines) {
        try {
            ApiPath path = path(manifest, tenant).action("preview");
            JsonNode would = session.client().post(path, manifest.spec()).body();
            lines.addAll(PreviewText.lines(tenant + "/" + manifest.name(), would));
            return would;
        } catch (CommandFailure e) {
            throw at(manifest, e);
        }
    }

    private JsonNode apply(Manifest manifest, @Nullable TenantName tenant, List<String> lines) {
        try {
            Reply reply = session.client().put(path(manifest, tenant), manifest.spec());
            String done = reply.created() ? " created" : " applied";
            String token = Fields.text(reply.body(), "token");
            String object = manifest.kind().word().toLowerCase(Locale.ROOT) + " " + (tenant == null ? "" : tenant + "/")
                    + manifest.name();
            done += meaning(reply.body().path("change"));
            lines.add(object + done + (token.isEmpty() ? "" : "; token, shown only now: " + token));
            return reply.body();
        } catch (CommandFailure e) {
            throw at(manifest, e);
        }
    }

    private static CommandFailure at(Manifest manifest, CommandFailure failure) {
        return new CommandFailure(
                failure.code(),
                failure.lines().stream()
                        .map(line -> manifest.label() + ": " + line)
                        .toList());
    }

    /** What a change means for the replicas that run. */
    private static String meaning(JsonNode change) {
        String fields =
                change.path("fields").valueStream().map(JsonNode::asString).collect(Collectors.joining(", "));
        return switch (Fields.text(change, "kind")) {
            case "live" -> "; changed while replicas run: " + fields;
            case "rolling" -> "; replicas are replaced one after the other because of: " + fields;
            default -> "";
        };
    }

    private static ApiPath path(Manifest manifest, @Nullable TenantName tenant) {
        return switch (manifest.kind()) {
            case PLAN -> ApiPath.of("plans").child(new PlanName(manifest.name()));
            case TENANT -> ApiPath.of("tenants").child(new TenantName(manifest.name()));
            case WORKLOAD ->
                Session.tenantPath(Objects.requireNonNull(tenant))
                        .child("workloads")
                        .child(new WorkloadName(manifest.name()));
        };
    }

    private void waitForAll(List<Manifest> manifests, Map<Manifest, TenantName> tenants) {
        for (Manifest manifest : manifests) {
            TenantName tenant = tenants.get(manifest);
            if (tenant != null) {
                waitFor(tenant + "/" + manifest.name(), path(manifest, tenant));
            }
        }
    }

    private void waitFor(String label, ApiPath path) {
        String[] last = {""};
        Patience.until(session, timeoutSeconds, "workload " + label + " runs as described", () -> {
            JsonNode status = session.client().get(path).path("status");
            String progress = progress(status);
            if (!progress.equals(last[0])) {
                last[0] = progress;
                session.terminal().say("workload " + label + ": " + progress);
            }
            long desired = Fields.number(status, "desired");
            // A server of an earlier version knows no checks: there, what runs is healthy.
            long healthy = Fields.number(status, status.has("healthy") ? "healthy" : "running");
            return Fields.number(status, "running") == desired
                    && healthy == desired
                    && Fields.number(status, "updated") == desired;
        });
    }

    private static String progress(JsonNode status) {
        StringBuilder line = new StringBuilder();
        line.append(Fields.text(status, "running")).append(" of ").append(Fields.text(status, "desired"));
        line.append(" running, ");
        if (status.has("healthy") && !Fields.text(status, "healthy").equals(Fields.text(status, "running"))) {
            line.append(Fields.text(status, "healthy")).append(" healthy, ");
        }
        line.append(Fields.text(status, "updated")).append(" as described");
        String message = Fields.text(status, "message");
        if (!message.isEmpty()) {
            line.append("; ").append(message);
        }
        status.path("reasons").forEach(reason -> line.append("; ").append(reason.asString()));
        return line.toString();
    }

    private String text() {
        try (InputStream in = file.equals("-") ? session.terminal().in() : Files.newInputStream(Path.of(file))) {
            byte[] bytes = in.readNBytes(MAX_BYTES + 1);
            if (bytes.length > MAX_BYTES) {
                throw CommandFailure.usage(file + ": larger than " + MAX_BYTES + " bytes");
            }
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(bytes))
                    .toString();
        } catch (CharacterCodingException e) {
            throw new CommandFailure(ExitCode.USAGE, file + ": is not UTF-8", e);
        } catch (IOException e) {
            String reason = e instanceof NoSuchFileException ? "no such file" : e.toString();
            throw new CommandFailure(ExitCode.USAGE, "cannot read " + file + ": " + reason, e);
        }
    }
}
