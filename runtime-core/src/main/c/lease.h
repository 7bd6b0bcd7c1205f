/*
 * The right of this host to go on with what must not run twice. One page says until when, for all sandboxes; the agent
 * alone writes it, and a supervisor that finds it run out ends its sandbox, whatever the agent does or does not do any more.
 */
#ifndef LANDLORD_LEASE_H
#define LANDLORD_LEASE_H

#include "plan.h"

struct lease_page; /* shared with dev.landlord.runtime.state.LeaseFile */

struct lease {
    const struct lease_page *page; /* NULL: the sandbox is bound to no lease */
    uint64_t term; /* that it is bound to; a term ends when the lease runs out, even if a new one begins at once */
    int timer;     /* readable when it is time to look; -1: never */
    int ended;     /* 1 once it was found run out */
};

#define LEASE_NONE ((struct lease){.timer = -1})

/* Maps the file that an OP_LEASE step names and keeps it in memory: to look must not have to wait for a disk. */
int lease_open(struct lease *lease, const struct step *step);

/* Whether the sandbox must not go on. */
int lease_is_over(const struct lease *lease);

/* To be asked when the timer fires: sets it anew and returns 1; or returns 0, once, and the lease has ended. */
int lease_holds(struct lease *lease);

#endif
