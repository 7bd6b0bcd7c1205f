/**
 * What proves that an agent is its node: a key and its certificate. Reads no clock and starts nothing; whether a private key
 * is the certificate's is seen when it is read.
 */
@NullMarked
package dev.landlord.agent.identity;

import org.jspecify.annotations.NullMarked;
