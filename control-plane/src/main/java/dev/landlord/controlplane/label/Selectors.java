package dev.landlord.controlplane.label;

import dev.landlord.controlplane.query.RequestValue;
import org.springframework.stereotype.Component;
import org.springframework.web.context.request.NativeWebRequest;

/** Gives controllers the {@link Selector} of a request. */
@Component
class Selectors extends RequestValue<Selector> {
    private static final String PARAMETER = "selector";

    Selectors() {
        super(Selector.class, PARAMETER);
    }

    @Override
    protected Selector read(NativeWebRequest request) {
        String text = request.getParameter(PARAMETER);
        return text == null ? Selector.ALL : SelectorText.read(text);
    }
}
