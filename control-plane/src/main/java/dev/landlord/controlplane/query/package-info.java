/**
 * What controllers are given of the query and the headers of a request. Whatever else a request has in its query is refused by
 * name.
 */
@NullMarked
package dev.landlord.controlplane.query;

import org.jspecify.annotations.NullMarked;
