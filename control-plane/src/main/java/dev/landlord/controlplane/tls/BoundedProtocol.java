package dev.landlord.controlplane.tls;

import org.apache.coyote.http11.Http11NioProtocol;

/** HTTP/1.1 on a {@link BoundedEndpoint}. Public, with a public constructor, because Tomcat makes it by its name. */
public final class BoundedProtocol extends Http11NioProtocol {
    private final BoundedEndpoint bounded;

    public BoundedProtocol() {
        this(new BoundedEndpoint());
    }

    private BoundedProtocol(BoundedEndpoint bounded) {
        super(bounded);
        this.bounded = bounded;
    }

    BoundedEndpoint bounded() {
        return bounded;
    }
}
