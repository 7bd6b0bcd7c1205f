package dev.landlord.api.join;

import org.jspecify.annotations.Nullable;

/**
 * The next certificate of a node. The one before stays good until its own end.
 *
 * @param certificate PEM chain
 * @param metricsCertificate PEM chain for the metrics listener, if it was asked for; an older control plane leaves it out
 */
public record RenewalReply(String certificate, @Nullable String metricsCertificate) {}
