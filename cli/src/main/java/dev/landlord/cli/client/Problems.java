package dev.landlord.cli.client;

import dev.landlord.api.problem.Problem;
import dev.landlord.api.problem.ProblemCode;
import dev.landlord.cli.failure.CommandFailure;
import dev.landlord.cli.failure.ExitCode;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.json.JsonMapper;

/** Turns an answer that is not a success into a failure: one line per error, with its pointer into the request. */
final class Problems {
    private static final JsonMapper MAPPER = JsonMapper.builder()
            .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
            .build();

    private Problems() {}

    static CommandFailure failure(int status, String body) {
        Problem problem = parse(body);
        if (problem == null) {
            return new CommandFailure(code(status), "the server answered " + status + " without saying why");
        }
        return new CommandFailure(code(status), lines(problem));
    }

    private static @Nullable Problem parse(String body) {
        try {
            Problem problem = MAPPER.readValue(body, Problem.class);
            return problem.code() == null || problem.detail() == null ? null : problem;
        } catch (JacksonException | NullPointerException ignored) {
            // What stands between us and the server (a proxy, a wrong port) does not speak in problem documents.
            return null;
        }
    }

    private static List<String> lines(Problem problem) {
        List<String> lines = new ArrayList<>();
        for (Problem.FieldError error : problem.errors()) {
            lines.add(problem.code() + " at " + error.pointer() + ": " + error.detail());
        }
        if (lines.isEmpty()) {
            boolean ours = problem.code().equals(ProblemCode.INTERNAL.wire()) && problem.requestId() != null;
            String trace = ours ? " (request " + problem.requestId() + ")" : "";
            lines.add(problem.code() + ": " + problem.detail() + trace);
        }
        return lines;
    }

    private static ExitCode code(int status) {
        return switch (status) {
            case 401, 403 -> ExitCode.UNAUTHORIZED;
            case 404 -> ExitCode.NOT_FOUND;
            case 502, 503, 504 -> ExitCode.UNREACHABLE;
            default -> ExitCode.FAILED;
        };
    }
}
