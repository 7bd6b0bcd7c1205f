/*
 * Times whole commands, with as little of its own as a clock can have: for each line on the standard input it runs the
 * command once by posix_spawn and prints "MICROSECONDS STATUS". A JVM that forked them itself would charge the peers for
 * its own size.
 *
 * usage: command PROGRAM [ARG...]
 *   {} in an argument becomes the number of the run, for peers that want a new name each time.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <spawn.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#define MAX_ARGUMENTS 64
#define MAX_ARGUMENT 512

extern char **environ;

static uint64_t now_us(void) {
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (uint64_t)t.tv_sec * 1000000u + (uint64_t)t.tv_nsec / 1000u;
}

static void number_in(char *out, const char *argument, long run) {
    const char *mark = strstr(argument, "{}");
    if (!mark)
        snprintf(out, MAX_ARGUMENT, "%s", argument);
    else
        snprintf(out, MAX_ARGUMENT, "%.*s%ld%s", (int)(mark - argument), argument, run, mark + 2);
}

static int one_run(char **command, int count, long run) {
    static char text[MAX_ARGUMENTS][MAX_ARGUMENT];
    char *arguments[MAX_ARGUMENTS + 1] = {0};
    for (int i = 0; i < count; i++) number_in(arguments[i] = text[i], command[i], run);
    posix_spawn_file_actions_t actions;
    posix_spawn_file_actions_init(&actions);
    posix_spawn_file_actions_addopen(&actions, STDIN_FILENO, "/dev/null", O_RDONLY, 0);
    posix_spawn_file_actions_addopen(&actions, STDOUT_FILENO, "/dev/null", O_WRONLY, 0);
    pid_t child;
    int status;
    uint64_t begin = now_us();
    int error = posix_spawnp(&child, arguments[0], &actions, NULL, arguments, environ);
    if (error) {
        fprintf(stderr, "command: %s: %s\n", arguments[0], strerror(error));
        return 1;
    }
    while (waitpid(child, &status, 0) < 0 && errno == EINTR) {}
    uint64_t end = now_us();
    posix_spawn_file_actions_destroy(&actions);
    printf("%llu %d\n", (unsigned long long)(end - begin), WIFEXITED(status) ? WEXITSTATUS(status) : 128);
    fflush(stdout);
    return 0;
}

int main(int argc, char **argv) {
    if (argc < 2 || argc - 1 > MAX_ARGUMENTS) {
        fprintf(stderr, "usage: command PROGRAM [ARG...] (at most %d)\n", MAX_ARGUMENTS);
        return 2;
    }
    char line[16];
    for (long run = 0; fgets(line, sizeof line, stdin); run++)
        if (one_run(argv + 1, argc - 1, run)) return 1;
    return 0;
}
