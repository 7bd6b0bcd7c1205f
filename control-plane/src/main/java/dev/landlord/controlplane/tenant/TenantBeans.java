package dev.landlord.controlplane.tenant;

import dev.landlord.controlplane.credential.Credentials;
import dev.landlord.controlplane.event.Events;
import java.time.InstantSource;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** Wires the room. */
@Configuration(proxyBeanMethods = false)
class TenantBeans {
    @Bean
    Plans plans() {
        return new Plans();
    }

    @Bean
    Tenants tenants(InstantSource clock) {
        return new Tenants(clock);
    }

    @Bean
    TenantChanges tenantChanges(Plans plans, Tenants tenants, Credentials credentials, Events events) {
        return new TenantChanges(plans, tenants, credentials, events);
    }
}
