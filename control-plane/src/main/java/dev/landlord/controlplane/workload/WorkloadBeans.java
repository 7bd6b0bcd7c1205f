package dev.landlord.controlplane.workload;

import dev.landlord.controlplane.event.Events;
import dev.landlord.controlplane.tenant.Tenants;
import java.time.InstantSource;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** Wires the room. */
@Configuration(proxyBeanMethods = false)
class WorkloadBeans {
    @Bean
    Workloads workloads(Tenants tenants, Events events, InstantSource clock) {
        return new Workloads(tenants, events, clock);
    }
}
