package dev.landlord.controlplane.token;

import dev.landlord.api.id.TenantName;
import dev.landlord.controlplane.audit.Trail;
import dev.landlord.controlplane.credential.Identity;
import dev.landlord.controlplane.credential.IdentityToken;
import dev.landlord.controlplane.store.Database;
import dev.landlord.controlplane.tenant.Tenants;
import dev.landlord.controlplane.web.Items;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.web.bind.annotation.DeleteMapping;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.ResponseStatus;
import org.springframework.web.bind.annotation.RestController;

/** Tokens of operators, and of each tenant for the tenant too. */
@RestController
class TokenController {
    private static final String OPERATORS = "/api/v1/tokens";
    private static final String TENANTS = "/api/v1/tenants/{tenant}/tokens";

    private final Database database;
    private final Tenants tenants;
    private final Tokens tokens;

    TokenController(Database database, Tenants tenants, Tokens tokens) {
        this.database = database;
        this.tenants = tenants;
        this.tokens = tokens;
    }

    @GetMapping(OPERATORS)
    Items<TokenView> list() {
        return new Items<>(database.read(reader -> tokens.list(reader, new Identity.Operator())));
    }

    @PostMapping(path = OPERATORS, consumes = MediaType.APPLICATION_JSON_VALUE)
    @ResponseStatus(HttpStatus.CREATED)
    TokenView create(@RequestBody(required = false) byte @Nullable [] body, IdentityToken caller, Trail trail) {
        TokenForm.Wish wish = TokenForm.read(body);
        return database.write(writer -> tokens.create(writer, new Identity.Operator(), wish, caller.holder(), trail));
    }

    @DeleteMapping(OPERATORS + "/{id}")
    @ResponseStatus(HttpStatus.NO_CONTENT)
    void revoke(@PathVariable String id, Trail trail) {
        database.write(writer -> {
            tokens.revoke(writer, new Identity.Operator(), id, trail);
            return true;
        });
    }

    @GetMapping(TENANTS)
    Items<TokenView> listOfTenant(@PathVariable TenantName tenant) {
        return new Items<>(database.read(reader -> {
            tenants.require(reader, tenant);
            return tokens.list(reader, new Identity.Tenant(tenant));
        }));
    }

    @PostMapping(path = TENANTS, consumes = MediaType.APPLICATION_JSON_VALUE)
    @ResponseStatus(HttpStatus.CREATED)
    TokenView createOfTenant(
            @PathVariable TenantName tenant,
            @RequestBody(required = false) byte @Nullable [] body,
            IdentityToken caller,
            Trail trail) {
        TokenForm.Wish wish = TokenForm.read(body);
        return database.write(writer -> {
            tenants.require(writer, tenant);
            return tokens.create(writer, new Identity.Tenant(tenant), wish, caller.holder(), trail);
        });
    }

    @DeleteMapping(TENANTS + "/{id}")
    @ResponseStatus(HttpStatus.NO_CONTENT)
    void revokeOfTenant(@PathVariable TenantName tenant, @PathVariable String id, Trail trail) {
        database.write(writer -> {
            tenants.require(writer, tenant);
            tokens.revoke(writer, new Identity.Tenant(tenant), id, trail);
            return true;
        });
    }
}
