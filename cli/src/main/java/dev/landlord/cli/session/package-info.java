/**
 * What one run of one command shares: the options that all commands have, the settings and the client that they resolve to,
 * and the few ways of asking that several commands need. Prints nothing of its own but warnings.
 */
@NullMarked
package dev.landlord.cli.session;

import org.jspecify.annotations.NullMarked;
