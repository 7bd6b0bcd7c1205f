#define _GNU_SOURCE
#include "init.h"

#include <errno.h>
#include <signal.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

/* Reaps everything that has ended. Returns 1 and the program's status once the program itself is among it. */
static int reap(pid_t program, int *program_status) {
    int ended = 0, status;
    for (;;) {
        pid_t pid = waitpid(-1, &status, WNOHANG);
        if (pid <= 0) return ended;
        if (pid == program) {
            *program_status = status;
            ended = 1;
        }
    }
}

_Noreturn void reaper_run(pid_t program, int status_pipe) {
    sigset_t all;
    sigfillset(&all);
    int status = 0;
    for (;;) {
        siginfo_t info;
        int number = sigwaitinfo(&all, &info);
        if (number < 0) continue;
        if (number != SIGCHLD) {
            kill(program, number);
        } else if (reap(program, &status)) {
            /* The supervisor cannot tell an exit code above 128 from a signal by our own exit code alone. */
            if (write(status_pipe, &status, sizeof status) < 0) _exit(125);
            _exit(WIFSIGNALED(status) ? 128 + WTERMSIG(status) : WEXITSTATUS(status));
        }
    }
}

static const char *variable(const struct field *environment, unsigned count, const char *name) {
    size_t length = strlen(name);
    for (unsigned i = 0; i < count; i++)
        if (strncmp(environment[i].bytes, name, length) == 0 && environment[i].bytes[length] == '=')
            return environment[i].bytes + length + 1;
    return NULL;
}

/* execvp with the PATH of the plan. A name that was found and refused is told apart from one that was not found. */
static void search_path(const char *path, char *const *arguments, char *const *environment) {
    int refused = 0;
    while (*path) {
        const char *end = strchrnul(path, ':');
        char candidate[4096];
        size_t directory = (size_t)(end - path), name = strlen(arguments[0]);
        if (directory > 0 && directory + name + 2 <= sizeof candidate) {
            memcpy(candidate, path, directory);
            candidate[directory] = '/';
            memcpy(candidate + directory + 1, arguments[0], name + 1);
            execve(candidate, arguments, environment);
            if (errno == EACCES)
                refused = 1;
            else if (errno != ENOENT && errno != ENOTDIR)
                return;
        }
        path = *end ? end + 1 : end;
    }
    errno = refused ? EACCES : ENOENT;
}

void program_exec(const struct step *step) {
    static char *arguments[PLAN_MAX_FIELDS], *environment[PLAN_MAX_FIELDS];
    unsigned count = (unsigned)plan_number(step, 1), rest = step->count - 2;
    if (count > rest) count = rest;
    for (unsigned i = 0; i < count; i++) arguments[i] = (char *)(uintptr_t)step->fields[2 + i].bytes;
    for (unsigned i = count; i < rest; i++) environment[i - count] = (char *)(uintptr_t)step->fields[2 + i].bytes;
    if (strchr(arguments[0], '/')) {
        execve(arguments[0], arguments, environment);
        return;
    }
    const char *path = variable(step->fields + 2 + count, rest - count, "PATH");
    search_path(path ? path : "/bin:/usr/bin", arguments, environment);
}
