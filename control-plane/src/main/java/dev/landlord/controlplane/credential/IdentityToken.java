package dev.landlord.controlplane.credential;

import java.util.List;
import org.springframework.security.authentication.AbstractAuthenticationToken;
import org.springframework.security.core.GrantedAuthority;

/** An authenticated caller. It does not keep the token. Controllers may take it as a parameter. */
public final class IdentityToken extends AbstractAuthenticationToken {
    private final transient Holder holder;

    public IdentityToken(Holder holder) {
        super(List.<GrantedAuthority>of());
        this.holder = holder;
        setAuthenticated(true);
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
