#define _GNU_SOURCE
#include "record.h"
#include "kernel.h"

#include <stdio.h>

/* Always as long, so that the end is written where there is room already. */
enum { LINE_BYTES = 64 };

static int write_line(struct record *record, const char *text) {
    char line[LINE_BYTES + 1];
    snprintf(line, sizeof line, "%-*s\n", LINE_BYTES - 1, text);
    if (record->file < 0)
        record->file = openat(record->directory, "exit.new", O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
    return record->file >= 0 && pwrite(record->file, line, LINE_BYTES, 0) == LINE_BYTES ? 0 : -1;
}

int record_reserve(struct record *record) { return write_line(record, ""); }

int record_write(struct record *record, const struct end *end) {
    char text[LINE_BYTES];
    snprintf(text, sizeof text, "1 %d %d %lld", end->code, end->signal, (long long)end->millis);
    return write_line(record, text);
}

void record_publish(const struct record *record, int durable) {
    if (durable) fsync(record->file);
    if (renameat(record->directory, "exit.new", record->directory, "exit") == 0 && durable) fsync(record->directory);
}
