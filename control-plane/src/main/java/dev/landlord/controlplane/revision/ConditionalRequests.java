package dev.landlord.controlplane.revision;

import dev.landlord.controlplane.query.RequestValue;
import dev.landlord.controlplane.store.Database;
import dev.landlord.controlplane.web.ProblemException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;
import org.springframework.web.context.request.NativeWebRequest;
import org.springframework.web.method.HandlerMethod;
import org.springframework.web.servlet.HandlerInterceptor;
import org.springframework.web.servlet.config.annotation.InterceptorRegistry;

/** Gives controllers the {@link Precondition} of a request, and refuses one where none is looked at. */
@Component
class ConditionalRequests extends RequestValue<Precondition> implements HandlerInterceptor {
    private final Database database;

    ConditionalRequests(Database database) {
        super(Precondition.class);
        this.database = database;
    }

    @Override
    public void addInterceptors(InterceptorRegistry registry) {
        registry.addInterceptor(this);
    }

    @Override
    protected Precondition read(NativeWebRequest request) {
        return Precondition.of(
                database.incarnation(),
                joined(request.getHeaderValues(Precondition.IF_MATCH)),
                joined(request.getHeaderValues(Precondition.IF_NONE_MATCH)));
    }

    /** Whoever sends it relies on it. */
    @Override
    public boolean preHandle(HttpServletRequest request, HttpServletResponse response, Object handler) {
        if (request.getHeader(Precondition.IF_MATCH) != null
                && handler instanceof HandlerMethod method
                && !isTakenBy(method)) {
            throw ProblemException.invalidField(Precondition.IF_MATCH, "is not possible on this path");
        }
        return true;
    }

    private static @Nullable String joined(String @Nullable [] values) {
        return values == null ? null : String.join(",", values);
    }
}
