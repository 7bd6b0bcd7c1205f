package dev.landlord.controlplane.tls;

import jakarta.servlet.ServletRequest;

/** The three doors. Each serves one part of the paths and has bounds of its own, so that no one can fill another's. */
public enum Listener {
    /** Operators, tenants, the console. */
    PUBLIC("/api/", 1024, 1 << 20),
    /** Agents: each keeps one connection open, and reports what it runs. */
    NODE("/node/", 16_384, 16 << 20),
    /** Probes and scrapers. */
    MANAGEMENT("/actuator/", 128, 1 << 16);

    static final String ATTRIBUTE = Listener.class.getName();

    private final String pathPrefix;
    private final int maxConnections;
    private final int maxBodyBytes;

    Listener(String pathPrefix, int maxConnections, int maxBodyBytes) {
        this.pathPrefix = pathPrefix;
        this.maxConnections = maxConnections;
        this.maxBodyBytes = maxBodyBytes;
    }

    /** The listener through which a request came. */
    public static Listener of(ServletRequest request) {
        if (request.getAttribute(ATTRIBUTE) instanceof Listener listener) {
            return listener;
        }
        throw new IllegalStateException("a request without a listener");
    }

    /** All that it serves begins so. */
    public String pathPrefix() {
        return pathPrefix;
    }

    public int maxBodyBytes() {
        return maxBodyBytes;
    }

    int maxConnections() {
        return maxConnections;
    }
}
