/* The root of a sandbox: its image below, and a bounded layer in memory above that it may write. */
#ifndef LANDLORD_ROOT_H
#define LANDLORD_ROOT_H

#include "plan.h"

#include <sys/types.h>

/*
 * Makes what an OP_ROOT_OVERLAY step says as a detached mount, with the ids of the user namespace of that process. Where the
 * kernel must see the layers attached, they are attached over the state directory, in a mount namespace of our own.
 */
int root_open(pid_t pid, const struct step *step, const char *state);

#endif
