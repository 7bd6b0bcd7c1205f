/* The program's input, which the supervisor keeps open for whoever attaches to it later, also behind a new runtime. */
#ifndef LANDLORD_CONSOLE_H
#define LANDLORD_CONSOLE_H

#include "logs.h"

/* Shared with dev.landlord.runtime.attach.Consoles, which takes a copy of the descriptor by pidfd_getfd(2). */
enum { CONSOLE = 100 };

/*
 * Takes over what the child has opened: its input, or the master of its terminal, becomes CONSOLE, and its outputs replace
 * those of the logs. Of a terminal there is one output, which is the input as well.
 */
int console_receive(int sync, const struct step *step, struct log logs[2]);

#endif
