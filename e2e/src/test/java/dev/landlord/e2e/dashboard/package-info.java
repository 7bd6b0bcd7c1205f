/** The dashboard, the rules and the page that lists the metrics agree with the programs and with each other. */
@NullMarked
package dev.landlord.e2e.dashboard;

import org.jspecify.annotations.NullMarked;
