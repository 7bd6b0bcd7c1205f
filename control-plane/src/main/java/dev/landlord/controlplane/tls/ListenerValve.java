package dev.landlord.controlplane.tls;

import jakarta.servlet.ServletException;
import java.io.IOException;
import java.util.Map;
import java.util.Set;
import org.apache.catalina.connector.Connector;
import org.apache.catalina.connector.Request;
import org.apache.catalina.connector.Response;
import org.apache.catalina.valves.ValveBase;
import org.jspecify.annotations.Nullable;

/**
 * Marks each request with the listener that took it. The connector knows; ports, hosts and headers could be forged. Tells the
 * listener when the connection is in use: an agent's is from its first request on, for HTTP/2 keeps its own time.
 */
final class ListenerValve extends ValveBase {
    private static final int SWITCHING_PROTOCOLS = 101;
    /** Nobody knows who asks, or the body takes too long: answers after which more of a body may still come. */
    private static final Set<Integer> ENOUGH = Set.of(401, 408);

    private final Map<Connector, Listener> listeners;

    ListenerValve(Map<Connector, Listener> listeners) {
        super(true);
        this.listeners = listeners;
    }

    @Override
    public void invoke(Request request, Response response) throws IOException, ServletException {
        Listener listener = listeners.get(request.getConnector());
        request.setAttribute(Listener.ATTRIBUTE, listener);
        if (request.getConnector().getProtocolHandler() instanceof BoundedProtocol protocol) {
            BoundedEndpoint endpoint = protocol.bounded();
            endpoint.begun(request.getRemoteAddr(), request.getRemotePort());
            try {
                getNext().invoke(request, response);
            } finally {
                endpoint.ended(request.getRemoteAddr(), request.getRemotePort(), rest(listener, request, response));
            }
        } else {
            getNext().invoke(request, response);
        }
    }

    private static Visits.Rest rest(@Nullable Listener listener, Request request, Response response) {
        if (listener == Listener.NODE || request.isAsync() || response.getStatus() == SWITCHING_PROTOCOLS) {
            return Visits.Rest.STAYING;
        }
        return ENOUGH.contains(response.getStatus()) ? Visits.Rest.REFUSED : Visits.Rest.KEPT;
    }
}
