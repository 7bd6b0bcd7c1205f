package dev.landlord.controlplane.idempotency;

import dev.landlord.controlplane.store.Database;
import java.time.InstantSource;
import java.util.Optional;
import java.util.function.Consumer;
import org.springframework.boot.web.servlet.FilterRegistrationBean;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.web.context.request.RequestContextHolder;
import org.springframework.web.context.request.ServletRequestAttributes;

/** Wires the room. */
@Configuration(proxyBeanMethods = false)
class IdempotencyWiring {
    /** After security, which has to know who calls. */
    private static final int AFTER_SECURITY = 0;

    @Bean
    Keys idempotencyKeys(InstantSource clock, Database database) {
        Keys keys = new Keys(clock);
        database.accompanyChanges(() -> companion(keys));
        return keys;
    }

    @Bean
    FilterRegistrationBean<IdempotencyFilter> idempotencyFilter(Database database, Keys keys) {
        FilterRegistrationBean<IdempotencyFilter> registration =
                new FilterRegistrationBean<>(new IdempotencyFilter(database, keys));
        registration.setOrder(AFTER_SECURITY);
        return registration;
    }

    private static Optional<Consumer<JdbcClient>> companion(Keys keys) {
        if (!(RequestContextHolder.getRequestAttributes() instanceof ServletRequestAttributes attributes)
                || !(attributes.getRequest().getAttribute(KeyedRequest.class.getName())
                        instanceof KeyedRequest keyed)) {
            return Optional.empty();
        }
        return Optional.of(writer -> {
            if (!keyed.isStored()) {
                keys.begin(writer, keyed);
            }
        });
    }
}
