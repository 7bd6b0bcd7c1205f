/** Which query parameters there are: whatever else a request has in its query is refused by name. */
@NullMarked
package dev.landlord.controlplane.query;

import org.jspecify.annotations.NullMarked;
