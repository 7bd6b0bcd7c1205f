/**
 * Speaks to the REST API over TLS. Trusts only the authority that it was given, turns every answer that is not a success
 * into one failure with its exit code, and bounds what it reads. Knows paths and JSON, not what they mean.
 */
@NullMarked
package dev.landlord.cli.client;

import org.jspecify.annotations.NullMarked;
