package dev.landlord.controlplane.audit;

import dev.landlord.controlplane.store.Database;
import dev.landlord.controlplane.web.RequestNotes;
import jakarta.servlet.http.HttpServletRequest;
import java.time.InstantSource;
import java.util.Optional;
import java.util.function.Consumer;
import org.springframework.boot.web.servlet.FilterRegistrationBean;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.Ordered;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.web.context.request.RequestContextHolder;
import org.springframework.web.context.request.ServletRequestAttributes;
import tools.jackson.databind.json.JsonMapper;

/** Wires the room. */
@Configuration(proxyBeanMethods = false)
class AuditWiring {
    @Bean
    AuditLog auditLog(InstantSource clock, Database database) {
        AuditLog log = new AuditLog(clock);
        database.accompanyChanges(() -> companion(log));
        return log;
    }

    /** Inside of the edge, which knows the request's id, and around security, which refuses. */
    @Bean
    FilterRegistrationBean<AuditFilter> auditFilter(Database database, AuditLog log, JsonMapper mapper) {
        FilterRegistrationBean<AuditFilter> registration =
                new FilterRegistrationBean<>(new AuditFilter(database, log, mapper));
        registration.setOrder(Ordered.HIGHEST_PRECEDENCE + 1);
        return registration;
    }

    /** What belongs to the first change of the request of this thread, if there is one. */
    private static Optional<Consumer<JdbcClient>> companion(AuditLog log) {
        if (!(RequestContextHolder.getRequestAttributes() instanceof ServletRequestAttributes attributes)) {
            return Optional.empty();
        }
        HttpServletRequest request = attributes.getRequest();
        var caller = RequestNotes.caller(request);
        if (!(request.getAttribute(Trail.class.getName()) instanceof Trail trail) || caller == null) {
            return Optional.empty();
        }
        return Optional.of(writer -> {
            if (!trail.isRecorded()) {
                log.append(writer, trail.accepted(caller));
            }
        });
    }
}
