#define _GNU_SOURCE
#include "logs.h"
#include "kernel.h"

#include <stdio.h>
#include <time.h>

/* A read costs as much as so many bytes: who writes single bytes must not keep us busier than who writes whole pages. */
enum { PIECE = 64 * 1024, READ_COST_MIN = 16 * 1024, DRAIN_PIECES = 64, RATE_MAX = 1 << 30 };

static char piece[PIECE];

static int64_t monotonic_millis(void) {
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

void log_open(struct log *log, const char *name, const struct step *step) {
    *log = (struct log){.name = name, .pipe = -1, .file = -1};
    log->file_bytes_max = plan_number(step, 1);
    uint64_t files = plan_number(step, 2);
    log->files_max = files < 1 ? 1 : files > LOG_FILES_MAX ? LOG_FILES_MAX : (unsigned)files;
    uint64_t rate = plan_number(step, 3);
    log->bytes_per_second = rate < PIECE ? PIECE : rate > RATE_MAX ? RATE_MAX : (int64_t)rate;
    log->budget = log->bytes_per_second;
    log->refilled_millis = monotonic_millis();
}

int log_wait_millis(struct log *log) {
    if (log->budget > 0) return 0;
    int64_t now = monotonic_millis(), elapsed = now - log->refilled_millis;
    if (elapsed > 1000) elapsed = 1000; /* a second's worth is the most that can be saved up */
    log->budget += elapsed * log->bytes_per_second / 1000;
    log->refilled_millis = now;
    return log->budget > 0 ? 0 : (int)(-log->budget * 1000 / log->bytes_per_second) + 1;
}

static void file_name(char *out, size_t size, const struct log *log, uint64_t start) {
    snprintf(out, size, "%s.%llu", log->name, (unsigned long long)start);
}

static void forget_oldest(struct log *log, int directory) {
    char name[64];
    file_name(name, sizeof name, log, log->starts[0]);
    unlinkat(directory, name, 0);
    for (unsigned i = 1; i < log->files; i++) log->starts[i - 1] = log->starts[i];
    log->files--;
}

static int next_file(struct log *log, int directory) {
    char name[64];
    close_quietly(&log->file);
    if (log->files == log->files_max) forget_oldest(log, directory);
    file_name(name, sizeof name, log, log->offset);
    log->file = openat(directory, name, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
    if (log->file < 0) return -1;
    log->starts[log->files++] = log->offset;
    log->file_bytes = 0;
    return 0;
}

/* What the disk refuses is lost: a full host must not stop a program that only has something to say. */
static void keep(struct log *log, int directory, const char *bytes, size_t size) {
    while (size > 0) {
        if ((log->file < 0 || log->file_bytes >= log->file_bytes_max) && next_file(log, directory) != 0) break;
        uint64_t room = log->file_bytes_max - log->file_bytes;
        ssize_t written = write(log->file, bytes, size < room ? size : (size_t)room);
        if (written <= 0) break;
        bytes += written;
        size -= (size_t)written;
        log->offset += (uint64_t)written;
        log->file_bytes += (uint64_t)written;
    }
}

/* Returns what was moved; 0 at the end or when there is nothing for now. */
static size_t move_piece(struct log *log, int directory) {
    if (log->pipe < 0) return 0;
    ssize_t got = read(log->pipe, piece, sizeof piece);
    if (got < 0 && (errno == EAGAIN || errno == EINTR)) return 0;
    if (got <= 0) {
        close(log->pipe);
        log->pipe = -1;
        return 0;
    }
    log->budget -= got < READ_COST_MIN ? READ_COST_MIN : got;
    keep(log, directory, piece, (size_t)got);
    return (size_t)got;
}

void log_pump(struct log *log, int directory) { move_piece(log, directory); }

void log_drain(struct log *log, int directory) {
    for (int i = 0; i < DRAIN_PIECES && move_piece(log, directory) > 0; i++) {}
}
