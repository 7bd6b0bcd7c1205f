package dev.landlord.cli.client;

import dev.landlord.cli.failure.CommandFailure;
import dev.landlord.cli.failure.ExitCode;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.util.Collection;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;

/** Makes the TLS context that trusts the authorities of one PEM file and nobody else. */
public final class ServerTrust {
    private ServerTrust() {}

    public static SSLContext of(Path caFile) {
        try {
            KeyStore store = KeyStore.getInstance("PKCS12");
            store.load(null, null);
            int number = 0;
            for (Certificate authority : read(caFile)) {
                store.setCertificateEntry("ca" + number++, authority);
            }
            TrustManagerFactory trust = TrustManagerFactory.getInstance("PKIX");
            trust.init(store);
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(null, trust.getTrustManagers(), null);
            return context;
        } catch (IOException e) {
            String reason = e instanceof NoSuchFileException ? "no such file" : e.toString();
            throw new CommandFailure(ExitCode.USAGE, "cannot read CA file " + caFile + ": " + reason, e);
        } catch (GeneralSecurityException e) {
            throw new CommandFailure(ExitCode.INTERNAL, "this Java cannot do TLS: " + e.getMessage(), e);
        }
    }

    private static Collection<? extends Certificate> read(Path caFile) throws IOException, CertificateException {
        CertificateFactory factory = CertificateFactory.getInstance("X.509");
        try (InputStream in = Files.newInputStream(caFile)) {
            Collection<? extends Certificate> found = factory.generateCertificates(in);
            if (!found.isEmpty()) {
                return found;
            }
        } catch (CertificateException ignored) {
            // Said below, as for a file without any certificate.
        }
        throw CommandFailure.usage("CA file " + caFile + ": holds no certificate in PEM");
    }
}
