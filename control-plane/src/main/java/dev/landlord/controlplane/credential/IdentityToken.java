package dev.landlord.controlplane.credential;

import java.util.List;
import org.springframework.security.authentication.AbstractAuthenticationToken;
import org.springframework.security.core.GrantedAuthority;

/** An authenticated caller. It does not keep the token. Controllers may take it as a parameter. */
public final class IdentityToken extends AbstractAuthenticationToken {
    private final transient Identity identity;

    public IdentityToken(Identity identity) {
        super(List.<GrantedAuthority>of());
        this.identity = identity;
        setAuthenticated(true);
    }

    public Identity identity() {
        return identity;
    }

    @Override
    public String getName() {
        return identity.subject().isEmpty() ? identity.kind() : identity.kind() + "/" + identity.subject();
    }

    @Override
    public Object getCredentials() {
        return "";
    }

    @Override
    public Object getPrincipal() {
        return identity;
    }
}
