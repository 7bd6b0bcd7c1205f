/*
 * What a supervisor does about a counter that moves although nobody has told it anything, as on a host that is out of memory as
 * a whole. Two files stand in for those of a control group, and a process that sleeps for the sandbox.
 *
 *   oom_looks CONTROL REGISTRAR
 *
 * Prints "rests" when the looks in short order are over and the process still runs, then how it ended.
 */
#define _GNU_SOURCE
#include "../../main/c/kernel.h"
#include "../../main/c/oom.h"

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>

static void counter(const char *path, const char *kills) {
    FILE *file = fopen(path, "w");
    if (!file || fprintf(file, "oom_kill_disable 0\nunder_oom 0\noom_kill %s\n", kills) < 0 || fclose(file) != 0) abort();
}

int main(int argc, char **argv) {
    struct oom oom = OOM_NONE;
    const struct field fields[2] = {{.bytes = argv[1]}, {.bytes = argv[2]}};
    struct step step = {.count = 2, .fields = fields};
    if (argc != 3 || oom_wait_millis(&oom) != -1) return 2;
    counter(argv[1], "0");
    if (oom_open(&oom, &step) != 0 || oom_listen(&oom) != 0) return 3;

    int pid = fork();
    if (pid == 0) return prctl(PR_SET_PDEATHSIG, SIGKILL) == 0 ? pause() : 1;
    int pid_fd = (int)syscall(SYS_pidfd_open, pid, 0);
    while (oom.looks > 0) {
        oom.next_look_millis = 0;
        if (oom_enforce(&oom, pid_fd) != 0) return 4;
    }
    int wait = oom_wait_millis(&oom);
    if (wait < 1000 || wait > 60000 || waitpid(pid, NULL, WNOHANG) != 0) return 5;
    puts("rests");

    counter(argv[1], "1");
    oom.next_look_millis = 0;
    if (oom_enforce(&oom, pid_fd) != 0 || oom_wait_millis(&oom) != -1) return 6;
    int status;
    if (waitpid(pid, &status, 0) != pid || !WIFSIGNALED(status)) return 7;
    printf("ended by signal %d\n", WTERMSIG(status));
    return 0;
}
