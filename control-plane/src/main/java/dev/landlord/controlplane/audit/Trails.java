package dev.landlord.controlplane.audit;

import dev.landlord.controlplane.query.RequestValue;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;
import org.springframework.web.context.request.NativeWebRequest;
import org.springframework.web.context.request.RequestAttributes;

/** Gives controllers the {@link Trail} of a request. */
@Component
class Trails extends RequestValue<Trail> {
    Trails() {
        super(Trail.class);
    }

    @Override
    protected @Nullable Trail read(NativeWebRequest request) {
        return (Trail) request.getAttribute(Trail.class.getName(), RequestAttributes.SCOPE_REQUEST);
    }
}
