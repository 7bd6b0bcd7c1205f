package dev.landlord.controlplane.query;

import java.util.Arrays;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.springframework.core.MethodParameter;
import org.springframework.web.bind.support.WebDataBinderFactory;
import org.springframework.web.context.request.NativeWebRequest;
import org.springframework.web.method.HandlerMethod;
import org.springframework.web.method.support.HandlerMethodArgumentResolver;
import org.springframework.web.method.support.ModelAndViewContainer;
import org.springframework.web.servlet.config.annotation.WebMvcConfigurer;

/**
 * Gives controllers a parameter of one type, made of the query or the headers of the request. A bean of it is all that is
 * needed. Thread-safe.
 */
public abstract class RequestValue<T> implements WebMvcConfigurer, HandlerMethodArgumentResolver, QueryNames {
    private final Class<T> type;
    private final Set<String> names;

    /** @param names of the query's parameters that it is made of */
    protected RequestValue(Class<T> type, String... names) {
        this.type = type;
        this.names = Set.of(names);
    }

    /** What the request says; throws invalid-field for what it may not. */
    protected abstract @Nullable T read(NativeWebRequest request);

    /** Whether the handler asks for one. */
    protected final boolean isTakenBy(HandlerMethod handler) {
        return Arrays.stream(handler.getMethodParameters()).anyMatch(this::supportsParameter);
    }

    @Override
    public final void addArgumentResolvers(List<HandlerMethodArgumentResolver> resolvers) {
        resolvers.add(this);
    }

    @Override
    public final boolean supportsParameter(MethodParameter parameter) {
        return parameter.getParameterType() == type;
    }

    @Override
    public final Set<String> of(HandlerMethod handler) {
        return isTakenBy(handler) ? names : Set.of();
    }

    @Override
    public @Nullable Object resolveArgument(
            MethodParameter parameter,
            @Nullable ModelAndViewContainer container,
            NativeWebRequest request,
            @Nullable WebDataBinderFactory binder) {
        return read(request);
    }
}
