package dev.landlord.controlplane.watch;

import dev.landlord.controlplane.credential.IdentityToken;
import dev.landlord.controlplane.query.RequestValue;
import dev.landlord.controlplane.web.ProblemException;
import jakarta.servlet.http.HttpServletResponse;
import java.util.Objects;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.springframework.core.MethodParameter;
import org.springframework.stereotype.Component;
import org.springframework.web.bind.support.WebDataBinderFactory;
import org.springframework.web.context.request.NativeWebRequest;
import org.springframework.web.method.support.ModelAndViewContainer;

/** Gives controllers the {@link Watch} of a request. */
@Component
class WatchRequests extends RequestValue<Watch> {
    private static final String PARAMETER = "watch";
    private static final String LAST = "Last-Event-ID";
    private static final Pattern NUMBER = Pattern.compile("\\d{1,18}");

    private final Watches watches;

    WatchRequests(Watches watches) {
        super(Watch.class, PARAMETER);
        this.watches = watches;
    }

    @Override
    public @Nullable Object resolveArgument(
            MethodParameter parameter,
            @Nullable ModelAndViewContainer container,
            NativeWebRequest request,
            @Nullable WebDataBinderFactory binder) {
        if (container != null) {
            // What a watch writes is the whole answer.
            container.setRequestHandled(true);
        }
        return super.resolveArgument(parameter, container, request, binder);
    }

    @Override
    protected Watch read(NativeWebRequest request) {
        if (!"true".equals(request.getParameter(PARAMETER))) {
            throw ProblemException.invalidField("?watch", "must be true, or absent");
        }
        if (!(request.getUserPrincipal() instanceof IdentityToken caller)) {
            throw new IllegalStateException("security lets nobody in whom it does not know");
        }
        HttpServletResponse response = Objects.requireNonNull(request.getNativeResponse(HttpServletResponse.class));
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
