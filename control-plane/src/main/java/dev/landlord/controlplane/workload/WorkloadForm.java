package dev.landlord.controlplane.workload;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.landlord.api.id.ImageName;
import dev.landlord.api.problem.Problem.FieldError;
import dev.landlord.api.problem.ProblemCode;
import dev.landlord.api.workload.Console;
import dev.landlord.api.workload.InvalidField;
import dev.landlord.api.workload.NetworkSpec;
import dev.landlord.api.workload.OnDisconnect;
import dev.landlord.api.workload.ProcessSpec;
import dev.landlord.api.workload.WorkloadKind;
import dev.landlord.api.workload.WorkloadSpec;
import dev.landlord.controlplane.rlimit.RlimitForm;
import dev.landlord.controlplane.web.ProblemException;
import dev.landlord.controlplane.web.StrictJson;
import dev.landlord.controlplane.web.Wire;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A spec as people write it: flat, and only image and command must be said. As an answer it says everything, and can be
 * sent back as it is.
 */
record WorkloadForm(
        @Nullable String kind,
        @Nullable String image,
        @Nullable List<String> command,
        @Nullable Map<String, String> env,
        @Nullable String user,
        @Nullable String workdir,
        @Nullable Boolean init,
        @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable Boolean stdin,
        @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable Boolean tty,
        @Nullable Integer replicas,
        @Nullable ResourcesForm resources,
        @Nullable RestartForm restart,
        @Nullable String network,
        @Nullable List<PortForm> ports,
        @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable HealthForm health,
        @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable String onDisconnect,
        @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable Map<String, String> labels,
        @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable Map<String, RlimitForm> rlimits) {
    /** Known to the design, to be built: named in the refusal, so that nobody thinks they were misspelt. */
    private static final Set<String> UNBUILT = Set.of(
            "/volumes",
            "/io",
            "/schedule",
            "/update",
            "/constraints",
            "/secrets",
            "/readOnlyRoot",
            "/hostname",
            "/resources/io",
            "/resources/network",
            "/restart/maxAttempts");

    /** A number or a name, and perhaps a group. */
    private static final Pattern USER =
            Pattern.compile("[A-Za-z0-9_][A-Za-z0-9_.-]{0,31}(:[A-Za-z0-9_][A-Za-z0-9_.-]{0,31})?");

    private static final NetworkSpec.Mode MODE_DEFAULT = NetworkSpec.Mode.ROUTED;

    /** All arguments and variables of a replica; more would not fit what the kernel hands to a program. */
    private static final int ARGUMENTS_MAX = 128 * 1024;

    static WorkloadSpec read(byte @Nullable [] body) {
        return StrictJson.read(body, WorkloadForm.class, UNBUILT).spec();
    }

    /** For where no secret may be: variables of a program often are some. */
    WorkloadForm withoutValues() {
        Map<String, String> names = new TreeMap<>();
        if (env != null) {
            env.keySet().forEach(name -> names.put(name, "(not told)"));
        }
        return new WorkloadForm(
                kind,
                image,
                command,
                names,
                user,
                workdir,
                init,
                stdin,
                tty,
                replicas,
                resources,
                restart,
                network,
                ports,
                health,
                onDisconnect,
                labels,
                rlimits);
    }

    static WorkloadForm of(WorkloadSpec spec) {
        ProcessSpec process = spec.process();
        return new WorkloadForm(
                Wire.of(spec.kind()),
                process.image().value(),
                process.command(),
                process.env(),
                process.user(),
                process.workdir(),
                process.init(),
                process.console() == null ? null : true,
                process.console() == Console.TERMINAL ? true : null,
                spec.replicas(),
                ResourcesForm.of(spec.resources()),
                RestartForm.of(spec.restart()),
                Wire.of(spec.network().mode()),
                spec.network().ports().stream().map(PortForm::of).toList(),
                spec.health() == null ? null : HealthForm.of(spec.health()),
                process.onDisconnect() == null ? null : Wire.of(process.onDisconnect()),
                spec.labels().isEmpty() ? null : spec.labels(),
                RlimitForm.of(process.limits()));
    }

    private WorkloadSpec spec() {
        WorkloadKind builtKind = builtKind(kind);
        ProcessSpec process = process();
        requireFitting(process);
        return new WorkloadSpec(
                builtKind,
                process,
                replicas == null ? 1 : replicas,
                (resources == null ? ResourcesForm.NONE : resources).resources(),
                (restart == null ? RestartForm.NONE : restart).policy(),
                networkSpec(),
                health == null ? null : health.check(),
                labels == null ? Map.of() : labels);
    }

    private NetworkSpec networkSpec() {
        NetworkSpec.Mode mode = network == null
                ? MODE_DEFAULT
                : Wire.parse(NetworkSpec.Mode.class, network)
                        .orElseThrow(() ->
                                new InvalidField("network", "must be one of " + Wire.all(NetworkSpec.Mode.class)));
        return new NetworkSpec(mode, ports == null ? List.of() : PortForm.read(ports));
    }

    private ProcessSpec process() {
        if (image == null) {
            throw new InvalidField("image", "is required");
        }
        if (command == null) {
            throw new InvalidField("command", "is required");
        }
        if (!command.isEmpty() && command.getFirst().isEmpty()) {
            throw new InvalidField("command", "must begin with the name of a program");
        }
        if (user != null && !USER.matcher(user).matches()) {
            throw new InvalidField("user", "must have the form uid, uid:gid, name or name:group");
        }
        return new ProcessSpec(
                image(image),
                command,
                env == null ? Map.of() : env,
                user == null ? "0" : user,
                workdir == null ? "/" : workdir,
                init == null || init,
                console(),
                whenCutOff(),
                rlimits == null ? null : RlimitForm.read(rlimits));
    }

    private @Nullable OnDisconnect whenCutOff() {
        return onDisconnect == null
                ? null
                : Wire.parse(OnDisconnect.class, onDisconnect)
                        .orElseThrow(() ->
                                new InvalidField("onDisconnect", "must be one of " + Wire.all(OnDisconnect.class)));
    }

    private @Nullable Console console() {
        boolean reads = stdin != null && stdin;
        boolean terminal = tty != null && tty;
        if (terminal && !reads) {
            throw new InvalidField("tty", "needs stdin: true, because a terminal is also read from");
        }
        return terminal ? Console.TERMINAL : reads ? Console.PIPE : null;
    }

    private static ImageName image(String name) {
        try {
            return new ImageName(name);
        } catch (IllegalArgumentException badName) {
            throw new InvalidField("image", badName.getMessage() + "; it is the name of an image, never a path");
        }
    }

    private static WorkloadKind builtKind(@Nullable String kind) {
        if (kind == null) {
            return WorkloadKind.SERVICE;
        }
        WorkloadKind known =
                Wire.parse(WorkloadKind.class, kind).orElseThrow(() -> new InvalidField("kind", "must be service"));
        if (known != WorkloadKind.SERVICE) {
            String rule = kind + " is not supported by this version; must be service";
            throw new ProblemException(
                    ProblemCode.UNSUPPORTED_FIELD, "kind: " + rule, List.of(new FieldError("/kind", rule)));
        }
        return known;
    }

    private static void requireFitting(ProcessSpec process) {
        long characters = process.command().stream().mapToLong(String::length).sum()
                + process.env().entrySet().stream()
                        .mapToLong(variable ->
                                variable.getKey().length() + variable.getValue().length())
                        .sum();
        if (characters > ARGUMENTS_MAX) {
            throw new InvalidField(
                    "command",
                    "may have at most " + ARGUMENTS_MAX + " characters together with env, had " + characters);
        }
    }
}
