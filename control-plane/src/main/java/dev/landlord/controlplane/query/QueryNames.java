package dev.landlord.controlplane.query;

import java.util.Set;
import org.springframework.web.method.HandlerMethod;

/** Of a room that reads parameters of the query for controllers. */
public interface QueryNames {
    /** Those that a request to the handler may have because of this room. */
    Set<String> of(HandlerMethod handler);
}
