package dev.landlord.controlplane.credential;

import dev.landlord.controlplane.tls.NodeSubject;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.security.authentication.AbstractAuthenticationToken;
import org.springframework.security.core.GrantedAuthority;

/** An authenticated caller. It does not keep the token. Controllers may take it as a parameter. */
public final class IdentityToken extends AbstractAuthenticationToken {
    private final transient Holder holder;
    private final transient @Nullable NodeSubject subject;

    public IdentityToken(Holder holder) {
        this(holder, null);
    }

    private IdentityToken(Holder holder, @Nullable NodeSubject subject) {
        super(List.<GrantedAuthority>of());
        this.holder = holder;
        this.subject = subject;
        setAuthenticated(true);
    }

    /** Of a node that has shown a certificate. */
    public static IdentityToken of(NodeSubject subject) {
        Identity node = new Identity.Node(subject.node());
        return new IdentityToken(new Holder(node, subject.admission(), Scope.READ_WRITE, Holder.NEVER), subject);
    }

    public Identity identity() {
        return holder.identity();
    }

    public String tokenId() {
        return holder.tokenId();
    }

    public Holder holder() {
        return holder;
    }

    /** What the caller's certificate speaks of; empty if it has shown none. */
    public Optional<NodeSubject> subject() {
        return Optional.ofNullable(subject);
    }

    @Override
    public String getName() {
        Identity identity = identity();
        return identity.subject().isEmpty() ? identity.kind() : identity.kind() + "/" + identity.subject();
    }

    @Override
    public Object getCredentials() {
        return "";
    }

    @Override
    public Object getPrincipal() {
        return identity();
    }
}
