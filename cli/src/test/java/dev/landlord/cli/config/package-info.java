/** Tests of settings, their order, and the configuration file. */
@NullMarked
package dev.landlord.cli.config;

import org.jspecify.annotations.NullMarked;
