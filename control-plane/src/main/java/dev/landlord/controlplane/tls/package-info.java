/**
 * The control plane's own certificate authority and the three TLS listeners. Owns {@code ca.crt}, {@code ca.key}, the
 * server's certificate, and the bounds of each listener. No private key ever leaves this room.
 */
@NullMarked
package dev.landlord.controlplane.tls;

import org.jspecify.annotations.NullMarked;
