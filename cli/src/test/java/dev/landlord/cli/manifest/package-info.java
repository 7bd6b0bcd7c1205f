/** Tests of strict manifests. */
@NullMarked
package dev.landlord.cli.manifest;

import org.jspecify.annotations.NullMarked;
