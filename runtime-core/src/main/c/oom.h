/*
 * Version 1 of control groups ends one process of a group that is out of memory. A sandbox goes as a whole, as on version 2:
 * its supervisor hears of it here and ends the rest.
 */
#ifndef LANDLORD_OOM_H
#define LANDLORD_OOM_H

#include "plan.h"

struct oom {
    int events;    /* an eventfd; -1: nothing to hear of */
    int control;   /* memory.oom_control of the sandbox's group */
    int registrar; /* cgroup.event_control, until we listen */
    unsigned looks; /* how often the counter is still to be looked at in short order */
    int64_t next_look_millis;
};

#define OOM_NONE ((struct oom){.events = -1, .control = -1, .registrar = -1})

/* Opens what an OP_OOM_GROUP step names. */
int oom_open(struct oom *oom, const struct step *step);

/* From here on the kernel tells; what it has done before is looked for. */
int oom_listen(struct oom *oom);

/* Until the counter is to be looked at, -1 if there is none. */
int oom_wait_millis(const struct oom *oom);

/* Takes up what the kernel has told. */
void oom_heard(struct oom *oom);

/* Looks at the counter if it is time to. If the kernel has ended a process of the group, so is pid 1, and with it the rest. */
int oom_enforce(struct oom *oom, int pid_fd);

#endif
