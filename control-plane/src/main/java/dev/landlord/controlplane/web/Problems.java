package dev.landlord.controlplane.web;

import dev.landlord.api.problem.Problem;
import dev.landlord.api.problem.ProblemCode;
import dev.landlord.controlplane.tls.Listener;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import org.springframework.http.HttpHeaders;
import org.springframework.http.MediaType;
import tools.jackson.databind.json.JsonMapper;

/** Writes problem documents. */
final class Problems {
    private final JsonMapper mapper;

    Problems(JsonMapper mapper) {
        this.mapper = mapper;
    }

    /** Does nothing if an answer is under way already: then the broken connection tells. */
    void write(HttpServletRequest request, HttpServletResponse response, ProblemException problem) throws IOException {
        if (response.isCommitted()) {
            return;
        }
        RequestNotes.note(request, problem);
        String requestId = response.getHeader(EdgeFilter.REQUEST_ID);
        response.resetBuffer();
        response.setStatus(problem.code().httpStatus());
        response.setContentType(MediaType.APPLICATION_PROBLEM_JSON_VALUE);
        if (problem.code() == ProblemCode.UNAUTHENTICATED && Listener.of(request) != Listener.NODE) {
            response.setHeader(HttpHeaders.WWW_AUTHENTICATE, "Bearer");
        }
        if (problem.code() == ProblemCode.UNAVAILABLE || problem.code() == ProblemCode.RATE_LIMITED) {
            response.setHeader(HttpHeaders.RETRY_AFTER, Long.toString(problem.retryAfterSeconds()));
        }
        byte[] body = mapper.writeValueAsBytes(document(problem, requestId));
        response.setContentLength(body.length);
        if (!request.getMethod().equals("HEAD")) {
            response.getOutputStream().write(body);
        }
    }

    private static Problem document(ProblemException problem, String requestId) {
        return Problem.of(problem.code(), String.valueOf(problem.getMessage()), problem.errors(), requestId);
    }
}
