package dev.landlord.controlplane.tls;

import dev.landlord.api.problem.Problem;
import dev.landlord.api.problem.ProblemCode;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import org.apache.catalina.connector.Request;
import org.apache.catalina.connector.Response;
import org.apache.catalina.valves.ErrorReportValve;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.databind.json.JsonMapper;

/** Says as a problem document, too, what Tomcat itself has to say, as of a body that breaks off. */
final class ProblemReportValve extends ErrorReportValve {
    private static final Logger LOG = LoggerFactory.getLogger(ProblemReportValve.class);
    private static final JsonMapper JSON = new JsonMapper();
    private static final Map<Integer, ProblemCode> CODES = Map.of(
            400, ProblemCode.MALFORMED_BODY,
            404, ProblemCode.NOT_FOUND,
            405, ProblemCode.METHOD_NOT_ALLOWED,
            408, ProblemCode.REQUEST_TIMEOUT,
            413, ProblemCode.BODY_TOO_LARGE,
            // An encoding, and a version of HTTP, that there is not: the request is at fault.
            501, ProblemCode.MALFORMED_BODY,
            503, ProblemCode.UNAVAILABLE,
            505, ProblemCode.MALFORMED_BODY);

    @Override
    protected void report(Request request, Response response, @Nullable Throwable failure) {
        ProblemCode code = CODES.get(response.getStatus());
        if (code == null || response.getContentWritten() > 0 || !response.setErrorReported()) {
            return;
        }
        byte[] body = document(code, response.getHeader("X-Request-Id"));
        response.setStatus(code.httpStatus());
        response.setContentType("application/problem+json");
        response.setContentLength(body.length);
        try {
            response.getOutputStream().write(body);
            response.finishResponse();
        } catch (IOException | IllegalStateException gone) {
            LOG.debug("Nobody is there to be told of {}", code, gone);
        }
    }

    /** Of our own words alone: what the client sent is not in it, but for an id that was checked. */
    private static byte[] document(ProblemCode code, @Nullable String requestId) {
        return JSON.writeValueAsBytes(Problem.of(
                code, "the request is not complete, or not understood", List.of(), requestId == null ? "" : requestId));
    }
}
