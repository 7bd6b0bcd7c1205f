package dev.landlord.controlplane.credential;

import java.util.List;
import org.springframework.security.authentication.AbstractAuthenticationToken;
import org.springframework.security.core.GrantedAuthority;

/** An authenticated caller. It does not keep the token. Controllers may take it as a parameter. */
public final class IdentityToken extends AbstractAuthenticationToken {
    private final transient Identity identity;
    private final String tokenId;

    /** @param tokenId {@link Credentials#id} */
    public IdentityToken(Identity identity, String tokenId) {
        super(List.<GrantedAuthority>of());
        this.identity = identity;
        this.tokenId = tokenId;
        setAuthenticated(true);
    }

    public Identity identity() {
        return identity;
    }

    public String tokenId() {
        return tokenId;
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
