package dev.landlord.controlplane.page;

import dev.landlord.controlplane.query.RequestValue;
import org.springframework.stereotype.Component;
import org.springframework.web.context.request.NativeWebRequest;
import org.springframework.web.context.request.ServletWebRequest;

/** Gives controllers the {@link PageRequest} of a request. */
@Component
class PageRequests extends RequestValue<PageRequest> {
    private static final String LIMIT = "limit";
    private static final String CURSOR = "cursor";

    PageRequests() {
        super(PageRequest.class, LIMIT, CURSOR);
    }

    @Override
    protected PageRequest read(NativeWebRequest request) {
        String path = ((ServletWebRequest) request).getRequest().getRequestURI();
        return PageRequest.of(path, request.getParameter(LIMIT), request.getParameter(CURSOR));
    }
}
