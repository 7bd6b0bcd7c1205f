package dev.landlord.controlplane.web;

import dev.landlord.api.problem.ProblemCode;
import dev.landlord.controlplane.credential.Credentials;
import dev.landlord.controlplane.credential.IdentityToken;
import jakarta.servlet.DispatcherType;
import org.springframework.boot.web.servlet.FilterRegistrationBean;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.Ordered;
import org.springframework.security.authentication.AuthenticationManager;
import org.springframework.security.config.annotation.web.builders.HttpSecurity;
import org.springframework.security.config.annotation.web.configurers.AbstractHttpConfigurer;
import org.springframework.security.config.http.SessionCreationPolicy;
import org.springframework.security.config.observation.SecurityObservationSettings;
import org.springframework.security.core.AuthenticationException;
import org.springframework.security.oauth2.server.resource.InvalidBearerTokenException;
import org.springframework.security.web.AuthenticationEntryPoint;
import org.springframework.security.web.SecurityFilterChain;
import org.springframework.security.web.access.intercept.AuthorizationFilter;
import org.springframework.security.web.firewall.RequestRejectedHandler;
import tools.jackson.databind.json.JsonMapper;

/** One chain for all listeners: a bearer token says who calls, {@link Access} says what the caller may reach. */
@Configuration(proxyBeanMethods = false)
class SecurityConfig {
    @Bean
    Problems problems(JsonMapper mapper) {
        return new Problems(mapper);
    }

    @Bean
    FilterRegistrationBean<EdgeFilter> edgeFilter(Problems problems) {
        FilterRegistrationBean<EdgeFilter> registration = new FilterRegistrationBean<>(new EdgeFilter(problems));
        registration.setOrder(Ordered.HIGHEST_PRECEDENCE);
        return registration;
    }

    @Bean
    SecurityFilterChain chain(HttpSecurity http, Credentials credentials, Problems problems) {
        AuthenticationManager manager =
                authentication -> authenticate(credentials, String.valueOf(authentication.getPrincipal()));
        AuthenticationEntryPoint entryPoint = (request, response, failure) -> problems.write(
                request,
                response,
                new ProblemException(ProblemCode.UNAUTHENTICATED, "a valid bearer token is required"));
        http.csrf(AbstractHttpConfigurer::disable)
                .logout(AbstractHttpConfigurer::disable)
                .requestCache(AbstractHttpConfigurer::disable)
                .sessionManagement(session -> session.sessionCreationPolicy(SessionCreationPolicy.STATELESS))
                .oauth2ResourceServer(bearer ->
                        bearer.authenticationManagerResolver(request -> manager).authenticationEntryPoint(entryPoint))
                .exceptionHandling(failures -> failures.authenticationEntryPoint(entryPoint)
                        .accessDeniedHandler((request, response, denied) -> problems.write(
                                request,
                                response,
                                new ProblemException(ProblemCode.FORBIDDEN, "this is not for the caller"))))
                // Other dispatches belong to a request that was decided on when it came.
                .authorizeHttpRequests(requests -> requests.dispatcherTypeMatchers(
                                DispatcherType.ASYNC, DispatcherType.ERROR, DispatcherType.FORWARD)
                        .permitAll()
                        .anyRequest()
                        .access(new RequestAccess()))
                .addFilterAfter(new TenantShare(), AuthorizationFilter.class);
        return http.build();
    }

    /** Paths with encoded slashes, dots and the like never reach a mapping; the answer names what is wrong. */
    @Bean
    RequestRejectedHandler rejectedPaths(Problems problems) {
        return (request, response, rejected) -> problems.write(
                request,
                response,
                ProblemException.invalidField("{path}", "must be plain names between slashes, nothing encoded"));
    }

    /** A timer per security filter and request would cost more than it tells. */
    @Bean
    SecurityObservationSettings noSecurityObservations() {
        return SecurityObservationSettings.noObservations();
    }

    private static IdentityToken authenticate(Credentials credentials, String token) throws AuthenticationException {
        return credentials
                .authenticate(token)
                .map(IdentityToken::new)
                .orElseThrow(() -> new InvalidBearerTokenException("unknown token"));
    }
}
