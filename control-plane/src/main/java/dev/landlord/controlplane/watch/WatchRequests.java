package dev.landlord.controlplane.watch;

import dev.landlord.controlplane.credential.IdentityToken;
import dev.landlord.controlplane.query.QueryNames;
import dev.landlord.controlplane.web.ProblemException;
import jakarta.servlet.http.HttpServletResponse;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.springframework.core.MethodParameter;
import org.springframework.stereotype.Component;
import org.springframework.web.bind.support.WebDataBinderFactory;
import org.springframework.web.context.request.NativeWebRequest;
import org.springframework.web.method.HandlerMethod;
import org.springframework.web.method.support.HandlerMethodArgumentResolver;
import org.springframework.web.method.support.ModelAndViewContainer;
import org.springframework.web.servlet.config.annotation.WebMvcConfigurer;

/** Gives controllers the {@link Watch} of a request. */
@Component
class WatchRequests implements WebMvcConfigurer, HandlerMethodArgumentResolver, QueryNames {
    private static final String PARAMETER = "watch";
    private static final String LAST = "Last-Event-ID";
    private static final Pattern NUMBER = Pattern.compile("\\d{1,18}");

    private final Watches watches;

    WatchRequests(Watches watches) {
        this.watches = watches;
    }

    @Override
    public void addArgumentResolvers(List<HandlerMethodArgumentResolver> resolvers) {
        resolvers.add(this);
    }

    @Override
    public boolean supportsParameter(MethodParameter parameter) {
        return parameter.getParameterType() == Watch.class;
    }

    @Override
    public Set<String> of(HandlerMethod handler) {
        return Watches.isStream(handler) ? Set.of(PARAMETER) : Set.of();
    }

    @Override
    public Object resolveArgument(
            MethodParameter parameter,
            @Nullable ModelAndViewContainer container,
            NativeWebRequest request,
            @Nullable WebDataBinderFactory binder) {
        if (!"true".equals(request.getParameter(PARAMETER))) {
            throw ProblemException.invalidField("?watch", "must be true, or absent");
        }
        if (!(request.getUserPrincipal() instanceof IdentityToken caller)) {
            throw new IllegalStateException("security lets nobody in whom it does not know");
        }
        HttpServletResponse response = Objects.requireNonNull(request.getNativeResponse(HttpServletResponse.class));
        if (container != null) {
            // What is written here is the whole answer.
            container.setRequestHandled(true);
        }
        return new Watch(watches, new Watches.Client(caller, response), last(request.getHeader(LAST)));
    }

    private static @Nullable Long last(@Nullable String text) {
        if (text == null || text.isEmpty()) {
            return null;
        }
        if (!NUMBER.matcher(text).matches()) {
            throw ProblemException.invalidField(LAST, "must be the id of an event of this stream");
        }
        return Long.parseLong(text);
    }
}
