/* The record of the end: one line in the state directory, which tells whoever comes later how the program ended. */
#ifndef LANDLORD_RECORD_H
#define LANDLORD_RECORD_H

#include <stdint.h>

struct record {
    int directory;
    int file; /* -1 until there is one */
};

struct end {
    int32_t code, signal;
    int64_t millis;
};

/* Takes the room on the disk. What fails here is tried again at the end. */
int record_reserve(struct record *record);

int record_write(struct record *record, const struct end *end);

/* Gives it its name. Durable means that it outlives a crash of the host, which may have to be waited for. */
void record_publish(const struct record *record, int durable);

#endif
