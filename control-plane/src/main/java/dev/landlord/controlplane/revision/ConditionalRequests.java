package dev.landlord.controlplane.revision;

import dev.landlord.controlplane.store.Database;
import dev.landlord.controlplane.web.ProblemException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.core.MethodParameter;
import org.springframework.stereotype.Component;
import org.springframework.web.bind.support.WebDataBinderFactory;
import org.springframework.web.context.request.NativeWebRequest;
import org.springframework.web.method.HandlerMethod;
import org.springframework.web.method.support.HandlerMethodArgumentResolver;
import org.springframework.web.method.support.ModelAndViewContainer;
import org.springframework.web.servlet.HandlerInterceptor;
import org.springframework.web.servlet.config.annotation.InterceptorRegistry;
import org.springframework.web.servlet.config.annotation.WebMvcConfigurer;

/** Gives controllers the {@link Precondition} of a request, and refuses one where none is looked at. */
@Component
class ConditionalRequests implements WebMvcConfigurer, HandlerMethodArgumentResolver, HandlerInterceptor {
    private final Database database;

    ConditionalRequests(Database database) {
        this.database = database;
    }

    @Override
    public void addArgumentResolvers(List<HandlerMethodArgumentResolver> resolvers) {
        resolvers.add(this);
    }

    @Override
    public void addInterceptors(InterceptorRegistry registry) {
        registry.addInterceptor(this);
    }

    @Override
    public boolean supportsParameter(MethodParameter parameter) {
        return parameter.getParameterType() == Precondition.class;
    }

    @Override
    public Object resolveArgument(
            MethodParameter parameter,
            @Nullable ModelAndViewContainer container,
            NativeWebRequest request,
            @Nullable WebDataBinderFactory binder) {
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
                && Arrays.stream(method.getMethodParameters()).noneMatch(this::supportsParameter)) {
            throw ProblemException.invalidField(Precondition.IF_MATCH, "is not possible on this path");
        }
        return true;
    }

    private static @Nullable String joined(String @Nullable [] values) {
        return values == null ? null : String.join(",", values);
    }
}
