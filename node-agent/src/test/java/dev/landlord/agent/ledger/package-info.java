/** Tests of the ledger, one of them with a real process that is killed while it saves. */
@NullMarked
package dev.landlord.agent.ledger;

import org.jspecify.annotations.NullMarked;
