/** The {@code landlord} command: a client of the public REST API, and the host of {@code landlord dev}. Decides nothing that the server decides. */
@NullMarked
package dev.landlord.cli;

import org.jspecify.annotations.NullMarked;
