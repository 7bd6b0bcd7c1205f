package dev.landlord.controlplane.web;

import dev.landlord.api.problem.ProblemCode;
import dev.landlord.api.workload.InvalidField;
import dev.landlord.controlplane.store.StoreUnavailableException;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.http.converter.HttpMessageNotReadableException;
import org.springframework.web.ErrorResponse;
import org.springframework.web.HttpMediaTypeNotAcceptableException;
import org.springframework.web.HttpMediaTypeNotSupportedException;
import org.springframework.web.HttpRequestMethodNotSupportedException;
import org.springframework.web.bind.MissingServletRequestParameterException;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.context.request.async.AsyncRequestTimeoutException;
import org.springframework.web.method.annotation.MethodArgumentTypeMismatchException;

/** The one mapping from what was thrown to what the caller is told. Only what is our own fault is logged as an error. */
final class Failures {
    private static final Logger LOG = LoggerFactory.getLogger(Failures.class);

    private Failures() {}

    static ProblemException problem(Throwable failure) {
        return switch (failure) {
            case ProblemException problem -> problem;
            case InvalidField invalid -> invalidField(invalid);
            case StoreUnavailableException busy -> unavailable(busy);
            case MethodArgumentTypeMismatchException mismatch -> badArgument(mismatch);
            case MissingServletRequestParameterException missing ->
                ProblemException.invalidField("?" + missing.getParameterName(), "is required");
            case HttpRequestMethodNotSupportedException method ->
                new ProblemException(
                        ProblemCode.METHOD_NOT_ALLOWED, method.getMethod() + " is not possible on this path");
            case HttpMediaTypeNotSupportedException unused ->
                new ProblemException(ProblemCode.MALFORMED_BODY, "Content-Type must be application/json");
            case HttpMediaTypeNotAcceptableException unused ->
                ProblemException.invalidField("Accept", "does not allow what this path answers with");
            case HttpMessageNotReadableException unreadable -> unreadable(unreadable);
            case AsyncRequestTimeoutException unused ->
                new ProblemException(ProblemCode.UNAVAILABLE, "the answer took too long");
            case ErrorResponse response -> byStatus(response, failure);
            default -> internal(failure);
        };
    }

    private static ProblemException byStatus(ErrorResponse response, Throwable failure) {
        if (response.getStatusCode().value() == 404) {
            return new ProblemException(ProblemCode.NOT_FOUND, "there is nothing at this path");
        }
        return response.getStatusCode().is4xxClientError()
                ? new ProblemException(ProblemCode.MALFORMED_BODY, "the request is not understood")
                : internal(failure);
    }

    private static ProblemException invalidField(InvalidField invalid) {
        String pointer = invalid.path().stream().map(StrictJson::escape).collect(Collectors.joining("/", "/", ""));
        return ProblemException.invalidField(pointer, invalid.rule());
    }

    private static ProblemException unavailable(StoreUnavailableException busy) {
        LOG.warn("Answering 503: {}", busy.getMessage());
        return new ProblemException(ProblemCode.UNAVAILABLE, "the store cannot take this now; try again");
    }

    private static ProblemException badArgument(MethodArgumentTypeMismatchException mismatch) {
        boolean inPath = mismatch.getParameter().hasParameterAnnotation(PathVariable.class);
        String pointer = inPath ? "{" + mismatch.getName() + "}" : "?" + mismatch.getName();
        Throwable cause = mismatch.getMostSpecificCause();
        boolean ours = cause instanceof IllegalArgumentException && !(cause instanceof NumberFormatException);
        return ProblemException.invalidField(
                pointer, ours && cause.getMessage() != null ? cause.getMessage() : "has the wrong form");
    }

    private static ProblemException unreadable(HttpMessageNotReadableException unreadable) {
        for (Throwable cause = unreadable.getCause(); cause != null; cause = cause.getCause()) {
            if (cause instanceof InvalidField || cause instanceof ProblemException) {
                return problem(cause);
            }
        }
        return new ProblemException(ProblemCode.MALFORMED_BODY, "the body is not what this path takes");
    }

    private static ProblemException internal(Throwable failure) {
        LOG.error("Answering 500", failure);
        return new ProblemException(
                ProblemCode.INTERNAL, "something went wrong here; the log has it under the request id");
    }
}
