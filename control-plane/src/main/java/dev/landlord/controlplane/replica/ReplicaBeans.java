package dev.landlord.controlplane.replica;

import dev.landlord.controlplane.store.Database;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** Makes what is made once per process. */
@Configuration(proxyBeanMethods = false)
class ReplicaBeans {
    @Bean
    ReplicaId replicaId() {
        return ReplicaId.random();
    }

    @Bean
    Leadership leadership(Database database, ReplicaId self) {
        return new Leadership(database, self.value(), Leadership.TERM_MILLIS);
    }
}
