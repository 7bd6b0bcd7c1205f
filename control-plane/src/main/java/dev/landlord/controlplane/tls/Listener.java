package dev.landlord.controlplane.tls;

import jakarta.servlet.ServletRequest;

/** The three doors. Each serves one part of the paths and has bounds of its own, so that no one can fill another's. */
public enum Listener {
    /** Operators, tenants, the console. */
    PUBLIC("/api/", 1024, 1 << 20, 15_000),
    /** Agents: each keeps one connection open, and reports what it runs. */
    NODE("/node/", 16_384, 16 << 20, 60_000),
    /** Probes and scrapers. */
    MANAGEMENT("/actuator/", 128, 1 << 16, 15_000);

    static final String ATTRIBUTE = Listener.class.getName();

    private final String pathPrefix;
    private final int maxConnections;
    private final int maxBodyBytes;
    private final int maxBodyMillis;

    Listener(String pathPrefix, int maxConnections, int maxBodyBytes, int maxBodyMillis) {
        this.pathPrefix = pathPrefix;
        this.maxConnections = maxConnections;
        this.maxBodyBytes = maxBodyBytes;
        this.maxBodyMillis = maxBodyMillis;
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

    /** From the first to the last byte of a body. */
    public int maxBodyMillis() {
        return maxBodyMillis;
    }

    int maxConnections() {
        return maxConnections;
    }
}
