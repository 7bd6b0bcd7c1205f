package dev.landlord.controlplane.query;

import java.util.List;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.Ordered;
import org.springframework.web.servlet.config.annotation.InterceptorRegistry;
import org.springframework.web.servlet.config.annotation.WebMvcConfigurer;

/** Wires the room. Agents of another version may say what this one does not know, so their paths are left alone. */
@Configuration(proxyBeanMethods = false)
class QueryWiring implements WebMvcConfigurer {
    private final List<QueryNames> rooms;

    QueryWiring(List<QueryNames> rooms) {
        this.rooms = rooms;
    }

    @Override
    public void addInterceptors(InterceptorRegistry registry) {
        registry.addInterceptor(new QueryCheck(rooms))
                .addPathPatterns("/api/v1/**")
                .order(Ordered.HIGHEST_PRECEDENCE);
    }
}
