package dev.landlord.controlplane.replica;

/**
 * Who leads, as it is stored.
 *
 * @param holder id of a replica, empty before the first
 * @param epoch number of the term, 0 before the first
 * @param until end of the term unless it is renewed, epoch milliseconds by the clock of the database
 */
record LeaderRow(String holder, long epoch, long until) {}
