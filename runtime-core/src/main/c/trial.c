/*
 * Programs of the runtime's own trials, run inside a sandbox: they want more than they may have, and how they end shows whether
 * their limit holds.
 */
#define _GNU_SOURCE
#include "init.h"

#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#ifndef MAP_HUGE_SHIFT
#define MAP_HUGE_SHIFT 26
#endif

enum { PIECE = 1 << 20, PIECES = 64, PATIENCE_SECONDS = 10 };
/* Exit codes; the runtime knows the second one. */
enum { NOT_TRIED = 70, UNLIMITED = 71, SURVIVED = 72 };

/* Far beyond any limit of a trial, and little for a host that has none. */
static _Noreturn void take_memory(void) {
    for (int i = 0; i < PIECES; i++) {
        char *piece = mmap(NULL, PIECE, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
        if (piece == MAP_FAILED) _exit(EXIT_FAILURE);
        memset(piece, 1, PIECE);
    }
    _exit(EXIT_SUCCESS);
}

/* One process waits while its child takes memory without end. Whoever ends the child has to end the one that waits as well. */
static int exhaust(void) {
    int status = 0;
    pid_t child = fork();
    if (child == 0) take_memory();
    if (child < 0 || waitpid(child, &status, 0) != child) return NOT_TRIED;
    if (!WIFSIGNALED(status)) return WEXITSTATUS(status) == EXIT_SUCCESS ? UNLIMITED : NOT_TRIED;
    sleep(PATIENCE_SECONDS);
    return SURVIVED;
}

/* SIGBUS where the limit of the sandbox has no room for it. */
static int use_huge_page(const char *number) {
    unsigned long long bytes = strtoull(number, NULL, 10);
    if (bytes == 0) return NOT_TRIED;
    int flags = MAP_PRIVATE | MAP_ANONYMOUS | MAP_HUGETLB | __builtin_ctzll(bytes) << MAP_HUGE_SHIFT;
    char *page = mmap(NULL, bytes, PROT_READ | PROT_WRITE, flags, -1, 0);
    if (page == MAP_FAILED) return NOT_TRIED;
    *(volatile char *)page = 1;
    return EXIT_SUCCESS;
}

static int wait_to_be_ended(void) {
    sleep(PATIENCE_SECONDS);
    return SURVIVED;
}

int trial_run(char *const *arguments) {
    if (strcmp(arguments[0], "exhaust") == 0) return exhaust();
    if (strcmp(arguments[0], "wait") == 0) return wait_to_be_ended();
    if (strcmp(arguments[0], "use-huge-page") == 0 && arguments[1]) return use_huge_page(arguments[1]);
    return NOT_TRIED;
}
