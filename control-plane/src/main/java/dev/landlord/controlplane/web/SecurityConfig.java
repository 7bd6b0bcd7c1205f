package dev.landlord.controlplane.web;

import dev.landlord.api.problem.ProblemCode;
import dev.landlord.controlplane.credential.Admissions;
import dev.landlord.controlplane.credential.Credentials;
import dev.landlord.controlplane.credential.Holder;
import dev.landlord.controlplane.credential.IdentityToken;
import dev.landlord.controlplane.credential.NodeCertificateFilter;
import dev.landlord.controlplane.credential.NodeRefusals;
import dev.landlord.controlplane.ratelimit.RateLimits;
import dev.landlord.controlplane.tls.Listener;
import jakarta.servlet.DispatcherType;
import jakarta.servlet.http.HttpServletRequest;
import java.net.InetAddress;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.web.servlet.FilterRegistrationBean;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.Ordered;
import org.springframework.security.authentication.AuthenticationManagerResolver;
import org.springframework.security.config.annotation.web.builders.HttpSecurity;
import org.springframework.security.config.annotation.web.configurers.AbstractHttpConfigurer;
import org.springframework.security.config.http.SessionCreationPolicy;
import org.springframework.security.config.observation.SecurityObservationSettings;
import org.springframework.security.core.AuthenticationException;
import org.springframework.security.oauth2.server.resource.InvalidBearerTokenException;
import org.springframework.security.oauth2.server.resource.web.BearerTokenResolver;
import org.springframework.security.oauth2.server.resource.web.DefaultBearerTokenResolver;
import org.springframework.security.oauth2.server.resource.web.authentication.BearerTokenAuthenticationFilter;
import org.springframework.security.web.AuthenticationEntryPoint;
import org.springframework.security.web.SecurityFilterChain;
import org.springframework.security.web.access.intercept.AuthorizationFilter;
import org.springframework.security.web.firewall.RequestRejectedHandler;
import tools.jackson.databind.json.JsonMapper;

/**
 * One chain for all listeners: a bearer token says who calls, or on that of agents a certificate; {@link Access} says what the
 * caller may reach.
 */
@Configuration(proxyBeanMethods = false)
class SecurityConfig {
    private static final BearerTokenResolver TOKENS = new DefaultBearerTokenResolver();

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
    SecurityFilterChain chain(
            HttpSecurity http,
            Credentials credentials,
            Problems problems,
            RateLimits limits,
            Admissions admissions,
            NodeRefusals refusals) {
        NodeCertificateFilter certificates = new NodeCertificateFilter(admissions, refusals);
        AuthenticationManagerResolver<HttpServletRequest> resolver = request -> authentication ->
                authenticate(credentials, limits, request, String.valueOf(authentication.getPrincipal()));
        AuthenticationEntryPoint entryPoint = (request, response, failure) -> problems.write(
                request,
                response,
                new ProblemException(
                        ProblemCode.UNAUTHENTICATED,
                        Listener.of(request) == Listener.NODE
                                ? certificates.refused(request)
                                : "a valid bearer token is required"));
        http.csrf(AbstractHttpConfigurer::disable)
                .logout(AbstractHttpConfigurer::disable)
                .requestCache(AbstractHttpConfigurer::disable)
                .sessionManagement(session -> session.sessionCreationPolicy(SessionCreationPolicy.STATELESS))
                .oauth2ResourceServer(bearer -> bearer.authenticationManagerResolver(resolver)
                        .bearerTokenResolver(SecurityConfig::token)
                        .authenticationEntryPoint(entryPoint))
                .addFilterBefore(certificates, BearerTokenAuthenticationFilter.class)
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
                        .access(new RequestAccess(limits, refusals)))
                .addFilterAfter(new TenantShare(limits), AuthorizationFilter.class);
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

    /** At the node API a token says nothing. */
    private static @Nullable String token(HttpServletRequest request) {
        return Listener.of(request) == Listener.NODE ? null : TOKENS.resolve(request);
    }

    /** Each wrong token costs a look into the store; who shows many is not heard for a while, unless the token is known. */
    private static IdentityToken authenticate(
            Credentials credentials, RateLimits limits, HttpServletRequest request, String token)
            throws AuthenticationException {
        String listener = Listener.of(request).name();
        InetAddress address = InetAddress.ofLiteral(request.getRemoteAddr().replaceFirst("%.*", ""));
        long wait = credentials.wasGood(token) ? 0 : limits.beforeTry(listener, address);
        if (wait > 0) {
            throw ProblemException.rateLimited(
                    "there were too many wrong tokens from this address; try again in " + wait + " s", wait);
        }
        Optional<Holder> holder = credentials.authenticate(token);
        if (holder.isEmpty()) {
            limits.failedTry(listener, address);
            throw new InvalidBearerTokenException("unknown token");
        }
        return new IdentityToken(holder.get());
    }
}
