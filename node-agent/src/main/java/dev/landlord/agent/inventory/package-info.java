/**
 * What this host offers: the share of the machine that may be sold, what was verified by trying, and the images that are
 * ready. Decides the reserve that the host keeps for itself. Only says; changes nothing.
 */
@NullMarked
package dev.landlord.agent.inventory;

import org.jspecify.annotations.NullMarked;
