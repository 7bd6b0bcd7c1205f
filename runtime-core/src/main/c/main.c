/*
 * landlord-init: started by the runtime with two descriptors, 3 the channel (SOCK_SEQPACKET) and 4 the launch plan (a
 * sealed memfd), becomes the supervisor of one sandbox. With a third one, 5 a pidfd of a sandbox's init, it runs one more
 * program in there. See plan.h for the plan, supervisor.c and join.c for the conversation. With arguments it is the program of
 * a trial inside a sandbox, see trial.c.
 */
#define _GNU_SOURCE
#include "init.h"
#include "kernel.h"

#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/stat.h>

enum { CHANNEL = 3, PLAN = 4, INIT = 5 };

static struct plan plan;

void failure_fill(struct failure *failure, unsigned op, int error, const char *object) {
    memset(failure, 0, sizeof *failure);
    failure->op = op;
    failure->error = error;
    size_t length = strnlen(object, sizeof failure->object - 1);
    memcpy(failure->object, object, length);
}

static int refuse(const char *why, int error) {
    char message[1 + sizeof(struct failure)] = {'E'};
    struct failure failure;
    failure_fill(&failure, 0, error, why);
    memcpy(message + 1, &failure, sizeof failure);
    send(CHANNEL, message, sizeof message, MSG_NOSIGNAL);
    return 2;
}

/* The launcher is a JVM: its signal mask, dispositions, descriptors and umask must not reach a sandbox. */
static void shed_inheritance(void) {
    sigset_t none;
    sigemptyset(&none);
    sigprocmask(SIG_SETMASK, &none, NULL);
    for (int number = 1; number < NSIG; number++)
        if (number != SIGKILL && number != SIGSTOP) signal(number, SIG_DFL);
    signal(SIGPIPE, SIG_IGN);
    umask(0);
    sys_close_range(INIT + 1, ~0u, 0);
    setsid();
    prctl(PR_SET_DUMPABLE, 0, 0, 0, 0);
    fcntl(CHANNEL, F_SETFD, FD_CLOEXEC);
    fcntl(PLAN, F_SETFD, FD_CLOEXEC);
    fcntl(INIT, F_SETFD, FD_CLOEXEC);
}

int main(int count, char **arguments) {
    if (count > 1) return trial_run(arguments + 1);
    shed_inheritance();
    struct stat about;
    if (fstat(PLAN, &about) != 0) return refuse("plan", errno);
    if (about.st_size <= 0 || about.st_size > PLAN_MAX_BYTES) return refuse("plan: size out of range", 0);
    const unsigned char *bytes = mmap(NULL, (size_t)about.st_size, PROT_READ, MAP_PRIVATE, PLAN, 0);
    if (bytes == MAP_FAILED) return refuse("plan", errno);
    const char *wrong = plan_decode(&plan, bytes, (size_t)about.st_size);
    if (wrong) return refuse(wrong, 0);
    if (plan_find(&plan, OP_JOIN)) return join_run(&plan, CHANNEL, INIT);
    close(INIT);
    return supervisor_run(&plan, CHANNEL);
}
