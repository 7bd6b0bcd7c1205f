package dev.landlord.controlplane.page;

import dev.landlord.controlplane.query.QueryNames;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.springframework.core.MethodParameter;
import org.springframework.stereotype.Component;
import org.springframework.web.bind.support.WebDataBinderFactory;
import org.springframework.web.context.request.NativeWebRequest;
import org.springframework.web.context.request.ServletWebRequest;
import org.springframework.web.method.HandlerMethod;
import org.springframework.web.method.support.HandlerMethodArgumentResolver;
import org.springframework.web.method.support.ModelAndViewContainer;
import org.springframework.web.servlet.config.annotation.WebMvcConfigurer;

/** Gives controllers the {@link PageRequest} of a request. */
@Component
class PageRequests implements WebMvcConfigurer, HandlerMethodArgumentResolver, QueryNames {
    @Override
    public void addArgumentResolvers(List<HandlerMethodArgumentResolver> resolvers) {
        resolvers.add(this);
    }

    @Override
    public boolean supportsParameter(MethodParameter parameter) {
        return parameter.getParameterType() == PageRequest.class;
    }

    @Override
    public Set<String> of(HandlerMethod handler) {
        return Arrays.stream(handler.getMethodParameters()).anyMatch(this::supportsParameter)
                ? Set.of("limit", "cursor")
                : Set.of();
    }

    @Override
    public Object resolveArgument(
            MethodParameter parameter,
            @Nullable ModelAndViewContainer container,
            NativeWebRequest request,
            @Nullable WebDataBinderFactory binder) {
        String path = ((ServletWebRequest) request).getRequest().getRequestURI();
        return PageRequest.of(path, request.getParameter("limit"), request.getParameter("cursor"));
    }
}
