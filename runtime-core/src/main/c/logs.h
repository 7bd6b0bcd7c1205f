/* One captured output: a pipe that is pumped into files of bounded size, named by the offset of their first byte. */
#ifndef LANDLORD_LOGS_H
#define LANDLORD_LOGS_H

#include "plan.h"

enum { LOG_FILES_MAX = 16 };

struct log {
    const char *name;
    int pipe; /* -1 once everybody has closed the other end */
    int file; /* -1 before the first byte */
    uint64_t offset, file_bytes, file_bytes_max;
    unsigned files, files_max;
    int64_t bytes_per_second, budget, refilled_millis; /* a budget below zero has to be waited for */
    uint64_t starts[LOG_FILES_MAX]; /* first offsets of the files that are kept, oldest first */
};

/* Takes the bounds from an OP_SUPERVISE step. */
void log_open(struct log *log, const char *name, const struct step *step);

/* For how long the pipe must be left alone, 0 if it may be read now. Never more than some seconds. */
int log_wait_millis(struct log *log);

/* Moves what the pipe holds now, a bounded piece of it. */
void log_pump(struct log *log, int directory);

/* Moves everything that is left, without waiting for more. */
void log_drain(struct log *log, int directory);

#endif
