/* Changes of the kernel's network configuration, ready as rtnetlink requests. */
#ifndef LANDLORD_LINKS_H
#define LANDLORD_LINKS_H

#include <stddef.h>

enum { LINKS_MAX_BYTES = 2048 };

/* Carries out all requests of a batch, in the network namespace of the caller. The last one asks to be acknowledged. */
int links_apply(const char *batch, size_t length);

#endif
