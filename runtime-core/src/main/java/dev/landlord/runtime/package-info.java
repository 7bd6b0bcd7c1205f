/**
 * The public face of the runtime: what a caller says to run one sandbox on one Linux host, and what it hears back. Knows
 * nothing of clusters, tenants' plans or HTTP. The rooms below it are not for callers, except the one constructor in
 * {@code engine}.
 */
@NullMarked
package dev.landlord.runtime;

import org.jspecify.annotations.NullMarked;
