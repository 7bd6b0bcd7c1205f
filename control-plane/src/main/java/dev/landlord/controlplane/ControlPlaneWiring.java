package dev.landlord.controlplane;

import dev.landlord.api.id.Id;
import dev.landlord.controlplane.backup.BackupFolder;
import dev.landlord.controlplane.certificate.NodeCertificates;
import dev.landlord.controlplane.credential.Admissions;
import dev.landlord.controlplane.credential.Credentials;
import dev.landlord.controlplane.event.Events;
import dev.landlord.controlplane.network.ClusterAddresses;
import dev.landlord.controlplane.node.ReportTimings;
import dev.landlord.controlplane.ratelimit.RateLimits;
import dev.landlord.controlplane.scheduler.Scheduler.Strategy;
import dev.landlord.controlplane.store.Database;
import dev.landlord.controlplane.tls.CertificateAuthority;
import dev.landlord.controlplane.tls.Listener;
import dev.landlord.controlplane.tls.ListenerSettings;
import dev.landlord.controlplane.tls.Listeners;
import java.time.Clock;
import java.time.InstantSource;
import java.util.Map;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import tools.jackson.databind.JacksonModule;
import tools.jackson.databind.module.SimpleModule;
import tools.jackson.databind.ser.std.ToStringSerializer;

/** Makes what several rooms share. Whatever one room has for itself, it declares itself. */
@Configuration(proxyBeanMethods = false)
@EnableConfigurationProperties(ControlPlaneProperties.class)
class ControlPlaneWiring {
    @Bean
    InstantSource clock() {
        return Clock.systemUTC();
    }

    @Bean
    ReportTimings reportTimings(ControlPlaneProperties properties) {
        return properties.node().timings();
    }

    @Bean
    ClusterAddresses clusterAddresses(ControlPlaneProperties properties) {
        return properties.addresses();
    }

    @Bean
    Strategy strategy(ControlPlaneProperties properties) {
        return properties.scheduler().strategy();
    }

    @Bean
    RateLimits rateLimits(ControlPlaneProperties properties) {
        return properties.rateLimit().limits();
    }

    @Bean
    StateFolder stateFolder(ControlPlaneProperties properties) {
        return StateFolder.open(properties.stateDir());
    }

    @Bean
    BackupFolder backupFolder(StateFolder folder) {
        return new BackupFolder(folder.path().resolve("backups"));
    }

    @Bean
    Database database(ControlPlaneProperties properties, StateFolder folder) {
        properties.database().restore(folder);
        return Database.open(properties.database().location(folder));
    }

    @Bean
    Credentials credentials(Database database, InstantSource clock, StateFolder folder) {
        Credentials credentials = new Credentials(database, clock);
        FirstTokens.issue(database, credentials, folder);
        return credentials;
    }

    @Bean
    Admissions admissions(Database database, InstantSource clock) {
        return new Admissions(database, clock);
    }

    @Bean
    NodeCertificates nodeCertificates(
            ControlPlaneProperties properties,
            CertificateAuthority authority,
            Admissions admissions,
            Database database) {
        return new NodeCertificates(
                authority, admissions, database, properties.node().certificateLife());
    }

    @Bean
    Events events(InstantSource clock) {
        return new Events(clock);
    }

    @Bean
    CertificateAuthority certificateAuthority(
            ControlPlaneProperties properties, StateFolder folder, Database database, InstantSource clock) {
        return AuthorityCheck.open(properties.authority(), folder, database, clock);
    }

    @Bean
    Listeners listeners(
            ControlPlaneProperties properties,
            StateFolder folder,
            CertificateAuthority authority,
            InstantSource clock) {
        Map<Listener, Integer> ports = Map.of(
                Listener.PUBLIC, properties.publicPort(),
                Listener.NODE, properties.nodePort(),
                Listener.MANAGEMENT, properties.managementPort());
        return new Listeners(
                new ListenerSettings(
                        folder.path(),
                        properties.bindAddress(),
                        properties.advertisedNames(),
                        properties.authority().serverLife(),
                        ports),
                authority,
                clock);
    }

    /** Ids are one string on the wire. */
    @Bean
    JacksonModule ids() {
        return new SimpleModule().addSerializer(Id.class, ToStringSerializer.instance);
    }
}
