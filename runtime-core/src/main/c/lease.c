#define _GNU_SOURCE
#include "lease.h"
#include "kernel.h"

#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/timerfd.h>
#include <time.h>

enum { LEASE_VERSION = 1 };
static const int64_t SECOND = 1000000000;

/* The term is written before the deadline; so a new deadline is seen with its term. */
struct lease_page {
    int64_t deadline; /* nanoseconds of CLOCK_BOOTTIME, which goes on while the machine is suspended and never jumps */
    int64_t again;    /* the same, written after it */
    uint64_t term;
    uint64_t version;
};

/*
 * write(2) promises nothing of the order in which bytes appear in memory: a number read while it is written may be neither of
 * the two. Written first and read last, the one vouches for the other. They stay different if the writer died in between;
 * then the earlier one counts.
 */
static int64_t deadline_of(const struct lease_page *page) {
    int64_t first, again;
    int tries = 1000;
    do {
        again = __atomic_load_n(&page->again, __ATOMIC_ACQUIRE);
        first = __atomic_load_n(&page->deadline, __ATOMIC_ACQUIRE);
    } while (first != again && --tries > 0);
    return first < again ? first : again;
}

static int arm(const struct lease *lease) {
    int64_t deadline = deadline_of(lease->page);
    if (deadline < 1) deadline = 1; /* zero would disarm it */
    struct itimerspec at = {.it_value = {.tv_sec = deadline / SECOND, .tv_nsec = (long)(deadline % SECOND)}};
    return timerfd_settime(lease->timer, TFD_TIMER_ABSTIME, &at, NULL);
}

int lease_open(struct lease *lease, const struct step *step) {
    struct stat about;
    SCOPED int file = open(step->fields[0].bytes, O_RDONLY | O_CLOEXEC);
    if (file < 0 || fstat(file, &about) != 0) return -1;
    if (about.st_size < (off_t)sizeof(struct lease_page)) {
        errno = EINVAL;
        return -1;
    }
    const struct lease_page *page = mmap(NULL, sizeof *page, PROT_READ, MAP_SHARED, file, 0);
    if (page == MAP_FAILED || mlock(page, sizeof *page) != 0) return -1;
    if (page->version != LEASE_VERSION) {
        errno = EPROTO;
        return -1;
    }
    lease->page = page;
    lease->term = plan_number(step, 1);
    lease->timer = timerfd_create(CLOCK_BOOTTIME, TFD_CLOEXEC | TFD_NONBLOCK);
    return lease->timer < 0 ? -1 : arm(lease);
}

int lease_is_over(const struct lease *lease) {
    struct timespec now;
    if (!lease->page) return 0;
    int64_t deadline = deadline_of(lease->page);
    if (__atomic_load_n(&lease->page->term, __ATOMIC_ACQUIRE) != lease->term) return 1;
    /* A clock that cannot be read is none that lets anything run on. */
    if (clock_gettime(CLOCK_BOOTTIME, &now) != 0) return 1;
    return (int64_t)now.tv_sec * SECOND + now.tv_nsec >= deadline;
}

int lease_holds(struct lease *lease) {
    if (!lease_is_over(lease) && arm(lease) == 0) return 1;
    lease->ended = 1;
    close_quietly(&lease->timer);
    lease->timer = -1;
    return 0;
}
