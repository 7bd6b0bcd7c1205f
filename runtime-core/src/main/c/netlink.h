/* Ready batches of rtnetlink(7) messages; what they say was decided by Java. */
#ifndef LANDLORD_NETLINK_H
#define LANDLORD_NETLINK_H

#include "plan.h"

enum { NETLINK_BATCH_MAX = 4096 };

/* Sends the batch in the caller's network namespace and waits for its answers. Returns 0, or -1 with the first errno. */
int netlink_request(const struct field *batch, unsigned answers);

/* The same, with a process id put into the batch first. */
int netlink_request_for(const struct field *batch, uint32_t pid, uint64_t pid_offset, unsigned answers);

#endif
