package dev.landlord.controlplane.tls;

import jakarta.servlet.ServletException;
import java.io.IOException;
import java.util.Map;
import org.apache.catalina.connector.Connector;
import org.apache.catalina.connector.Request;
import org.apache.catalina.connector.Response;
import org.apache.catalina.valves.ValveBase;

/** Marks each request with the listener that took it. The connector knows; ports, hosts and headers could be forged. */
final class ListenerValve extends ValveBase {
    private final Map<Connector, Listener> listeners;

    ListenerValve(Map<Connector, Listener> listeners) {
        super(true);
        this.listeners = listeners;
    }

    @Override
    public void invoke(Request request, Response response) throws IOException, ServletException {
        request.setAttribute(Listener.ATTRIBUTE, listeners.get(request.getConnector()));
        getNext().invoke(request, response);
    }
}
