/** That a pulled cable separates hosts, and that a rack leaves no link and no namespace behind. */
@NullMarked
package dev.landlord.e2e.lease;

import org.jspecify.annotations.NullMarked;
