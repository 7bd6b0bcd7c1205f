/**
 * Where the server is and who we are: decides it from flags, environment and the configuration file, in this order. Owns the
 * file ~/.config/landlord/config.yaml (0600). Never prints a token.
 */
@NullMarked
package dev.landlord.cli.config;

import org.jspecify.annotations.NullMarked;
