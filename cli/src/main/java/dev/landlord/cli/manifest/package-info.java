/**
 * Reads YAML manifests, strictly: every document and every field is checked before the first is sent, and each error names
 * its document and field. Pure. Knows the shape of specs; whether a value is allowed is the server's to say.
 */
@NullMarked
package dev.landlord.cli.manifest;

import org.jspecify.annotations.NullMarked;
