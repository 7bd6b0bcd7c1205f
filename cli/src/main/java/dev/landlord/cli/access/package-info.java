/** Who may use the API, and who did what with it. */
@NullMarked
package dev.landlord.cli.access;

import org.jspecify.annotations.NullMarked;
