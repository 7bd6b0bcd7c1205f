/**
 * What must outlive the agent: the accepted desired set, the id block of each tenant, and the history of each allocation,
 * in one file that is replaced as a whole. With it a host runs on without its control plane. Owns that file; decides
 * nothing, and never takes a broken file for an empty one.
 */
@NullMarked
package dev.landlord.agent.ledger;

import org.jspecify.annotations.NullMarked;
