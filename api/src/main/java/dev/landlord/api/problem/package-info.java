/** Stable error codes and the shape of an error, shared by server, agent, CLI and documentation. */
@NullMarked
package dev.landlord.api.problem;

import org.jspecify.annotations.NullMarked;
