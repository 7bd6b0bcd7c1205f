package dev.landlord.controlplane.watch;

import dev.landlord.controlplane.credential.Credentials;
import dev.landlord.controlplane.ratelimit.RateLimits;
import dev.landlord.controlplane.store.Database;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.event.ContextClosedEvent;
import org.springframework.context.event.EventListener;
import org.springframework.web.servlet.config.annotation.InterceptorRegistry;
import org.springframework.web.servlet.config.annotation.WebMvcConfigurer;
import tools.jackson.databind.json.JsonMapper;

/** Wires the room. */
@Configuration(proxyBeanMethods = false)
class WatchWiring {
    @Bean
    Watchers watchers(Database database, RateLimits limits) {
        Watchers watchers =
                new Watchers(database.revision(), () -> limits.countRefusal(RateLimits.Refusal.WAITING_READS));
        database.onCommit(watchers::learn);
        watchers.learn(database.revision());
        return watchers;
    }

    @Bean
    BlockingRead blockingRead(Database database, Watchers watchers) {
        return new BlockingRead(database, watchers);
    }

    @Bean
    Watches watches(Database database, Credentials credentials, Watchers watchers, JsonMapper mapper) {
        return new Watches(database, credentials, watchers, mapper);
    }

    /** What is misspelt in the query was refused before: nobody waits for that. */
    @Bean
    WebMvcConfigurer blockingReads(BlockingRead read) {
        return new WebMvcConfigurer() {
            @Override
            public void addInterceptors(InterceptorRegistry registry) {
                registry.addInterceptor(read).addPathPatterns("/api/v1/**");
            }
        };
    }

    /** Before the listeners wait for the requests that are under way. */
    @EventListener
    void closing(ContextClosedEvent event) {
        event.getApplicationContext().getBeanProvider(Watchers.class).ifAvailable(Watchers::close);
    }
}
