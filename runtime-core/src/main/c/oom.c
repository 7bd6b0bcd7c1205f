#define _GNU_SOURCE
#include "oom.h"
#include "kernel.h"

#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/eventfd.h>
#include <time.h>

/*
 * The kernel tells before it ends anybody, tells all groups below a slice that is out of memory, and tells of a group that is
 * removed. So what it says is a reason to look at the group's own counter, for about four seconds, ever more rarely. Of a host
 * that is out of memory as a whole it tells nobody: hence a look now and then without a reason.
 */
enum { LOOKS = 12, FIRST_LOOKS = 2, REST_MILLIS = 10000 };

static int64_t monotonic_millis(void) {
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

static void look_after(struct oom *oom, int64_t millis) { oom->next_look_millis = monotonic_millis() + millis; }

int oom_open(struct oom *oom, const struct step *step) {
    oom->control = open(step->fields[0].bytes, O_RDONLY | O_CLOEXEC);
    oom->registrar = oom->control < 0 ? -1 : open(step->fields[1].bytes, O_WRONLY | O_CLOEXEC);
    oom->events = oom->registrar < 0 ? -1 : eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
    return oom->events < 0 ? -1 : 0;
}

int oom_listen(struct oom *oom) {
    char text[32];
    if (oom->events < 0) return 0;
    int length = snprintf(text, sizeof text, "%d %d", oom->events, oom->control);
    int told = write(oom->registrar, text, (size_t)length) == length;
    close_quietly(&oom->registrar);
    oom->registrar = -1;
    oom->looks = FIRST_LOOKS;
    look_after(oom, 0);
    return told ? 0 : -1;
}

int oom_wait_millis(const struct oom *oom) {
    if (oom->control < 0) return -1;
    int64_t left = oom->next_look_millis - monotonic_millis();
    return left > 0 ? (int)left : 0;
}

void oom_heard(struct oom *oom) {
    uint64_t times;
    if (read(oom->events, &times, sizeof times) != sizeof times) return;
    /* Not at once: who makes the kernel tell all the time must not keep us busy. */
    if (oom->looks < LOOKS) look_after(oom, 1);
    oom->looks = LOOKS;
}

static int has_ended_one(const struct oom *oom) {
    static const char key[] = "\noom_kill ";
    char text[128];
    ssize_t got = pread(oom->control, text, sizeof text - 1, 0);
    if (got <= 0) return 0; /* the group is being removed */
    text[got] = 0;
    const char *count = strstr(text, key);
    return count && count[sizeof key - 1] != '0';
}

int oom_enforce(struct oom *oom, int pid_fd) {
    if (oom_wait_millis(oom) != 0) return 0;
    if (!has_ended_one(oom)) {
        if (oom->looks > 0) oom->looks--;
        look_after(oom, oom->looks > 0 ? 1 << (LOOKS - oom->looks) : REST_MILLIS);
        return 0;
    }
    close_quietly(&oom->events);
    close_quietly(&oom->control);
    *oom = OOM_NONE;
    return (int)syscall(SYS_pidfd_send_signal, pid_fd, SIGKILL, NULL, 0);
}
