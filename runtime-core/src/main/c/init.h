/* The parts of landlord-init: supervisor outside, steps inside, reaper as pid 1. */
#ifndef LANDLORD_INIT_H
#define LANDLORD_INIT_H

#include "plan.h"

#include <stdint.h>
#include <sys/types.h>

/* Why a step failed; crosses the failure pipe from the child and, as message 'E', the channel to Java. */
struct failure {
    uint32_t op;
    int32_t error; /* errno, 0 if no system call was refused */
    char object[256];
};

/* The child's ends of what it shares with its supervisor. */
struct child {
    int sync;    /* SOCK_SEQPACKET: 'M' ids are mapped, 'F' + descriptor the root, 'J' groups are joined, 'G' go; back: 'P' parked */
    int failure; /* one struct failure, or end of file once the exec has succeeded */
    int status;  /* the wait status of the program, when our init is pid 1; else -1 */
    int input;   /* -1: /dev/null */
    int output[2];
    int streams; /* where the other ends of its streams go: the channel to Java, or the supervisor; -1 if nobody wants them */
    int terminal; /* 1: its input is a terminal, which is to be that of its session */
};

/* Makes the descriptors 0, 1 and 2 of a program and hands their other ends over as message 'D'. */
int streams_open(struct child *child, const struct step *step);

/* Carries out the child's steps in the order of the plan and execs. Does not return. */
_Noreturn void child_run(const struct plan *plan, struct child *child);

/* Tells the supervisor which step failed on what, with the current errno, and ends the process. */
_Noreturn void child_fail(const struct child *child, unsigned op, const char *object);

/* Pid 1 inside: reaps, forwards signals to the program, leaves its wait status in the pipe and ends as it ended. */
_Noreturn void reaper_run(pid_t program, int status_pipe);

/* Execs the program of an OP_EXEC step; returns only if that failed, with errno. */
void program_exec(const struct step *step);

/* Supervises one sandbox from the clone to its end. Returns the exit status of the supervisor. */
int supervisor_run(const struct plan *plan, int channel);

/* Runs one program inside a sandbox that is there, of whose init init_fd is a pidfd. Returns the exit status. */
int join_run(const struct plan *plan, int channel, int init_fd);

/* Is the program of a trial, not a helper at all. Returns the exit status. */
int trial_run(char *const *arguments);

int write_file(const char *path, const char *text);

void failure_fill(struct failure *failure, unsigned op, int error, const char *object);

#endif
