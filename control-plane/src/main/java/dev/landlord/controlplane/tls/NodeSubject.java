package dev.landlord.controlplane.tls;

import dev.landlord.api.id.Id;
import dev.landlord.api.id.NodeName;
import jakarta.servlet.ServletRequest;
import java.security.cert.CertificateParsingException;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Of whom a node's certificate speaks: the one alternative name, {@code landlord:node:NAME:ADMISSION}.
 *
 * @param admission which of the node's joins it comes from; 32 digits, lower-case hex
 */
public record NodeSubject(NodeName node, String admission) {
    private static final String ATTRIBUTE = "jakarta.servlet.request.X509Certificate";
    private static final Pattern URI = Pattern.compile("landlord:node:([a-z0-9-]+):([0-9a-f]{32})");
    private static final String CLIENT = "1.3.6.1.5.5.7.3.2";
    private static final int URI_NAME = 6;

    /** The certificate that was shown with the request; its authority was verified in the handshake. */
    public static Optional<X509Certificate> shown(ServletRequest request) {
        return request.getAttribute(ATTRIBUTE) instanceof X509Certificate[] chain && chain.length > 0
                ? Optional.of(chain[0])
                : Optional.empty();
    }

    /** Empty if it is not a node's, for example a server's. */
    public static Optional<NodeSubject> of(X509Certificate certificate) {
        try {
            List<String> uses = certificate.getExtendedKeyUsage();
            var names = certificate.getSubjectAlternativeNames();
            if (uses == null || !uses.contains(CLIENT) || names == null || names.size() != 1) {
                return Optional.empty();
            }
            List<?> only = names.iterator().next();
            return Integer.valueOf(URI_NAME).equals(only.getFirst())
                    ? parse(String.valueOf(only.get(1)))
                    : Optional.empty();
        } catch (CertificateParsingException unreadable) {
            return Optional.empty();
        }
    }

    private static Optional<NodeSubject> parse(String uri) {
        Matcher matcher = URI.matcher(uri);
        return matcher.matches() && Id.NAME.matcher(matcher.group(1)).matches()
                ? Optional.of(new NodeSubject(new NodeName(matcher.group(1)), matcher.group(2)))
                : Optional.empty();
    }

    String uri() {
        return "landlord:node:" + node + ":" + admission;
    }
}
