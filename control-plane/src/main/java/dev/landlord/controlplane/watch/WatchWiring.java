package dev.landlord.controlplane.watch;

import dev.landlord.controlplane.store.Database;
import org.springframework.boot.web.servlet.FilterRegistrationBean;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** Wires the room. */
@Configuration(proxyBeanMethods = false)
class WatchWiring {
    /** After security, which has to know who calls. */
    private static final int AFTER_SECURITY = 1;

    @Bean
    Watchers watchers(Database database) {
        Watchers watchers = new Watchers(database.revision());
        database.onCommit(watchers::learn);
        watchers.learn(database.revision());
        return watchers;
    }

    @Bean
    FilterRegistrationBean<WatchFilter> watchFilter(Database database, Watchers watchers) {
        FilterRegistrationBean<WatchFilter> registration =
                new FilterRegistrationBean<>(new WatchFilter(database, watchers));
        registration.setOrder(AFTER_SECURITY);
        return registration;
    }
}
