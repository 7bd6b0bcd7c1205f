/**
 * Breaks a real cluster on purpose while tenants use it: agents in network namespaces, two control planes, a database. Carries
 * out what the room {@code fault} lists, and has the room {@code history} judge what the tenants saw.
 */
@NullMarked
package dev.landlord.e2e.chaos;

import org.jspecify.annotations.NullMarked;
