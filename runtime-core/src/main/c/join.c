/*
 * Runs one more program in a sandbox that is there, under the same confinement as its main program, and watches it until
 * it ends. Three processes take part: we stay outside; the guest gets into the sandbox's control groups and namespaces; and
 * the program, which is the guest's child by birth, because a pid namespace is entered by being born into it, but ours by
 * CLONE_PARENT, so that we learn how it ends.
 *
 * Conversation over the channel, one message each:
 *   from Java: 'K' + u32 a signal for the program and its process group.
 *   to Java:   'D' + descriptors: master of the terminal, or input (if wanted), output and errors; 'S' + i64 epoch millis:
 *              the exec has succeeded; 'E' + struct failure; 'X' + i32 code, i32 signal, i64 epoch millis: it has ended.
 * A channel that closes means that nobody is interested any more: the program gets SIGHUP, and SIGKILL a little later.
 */
#define _GNU_SOURCE
#include "confine.h"
#include "init.h"
#include "kernel.h"

#include <poll.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <sys/vfs.h>
#include <sys/wait.h>
#include <time.h>

#ifndef TIOCGPTPEER
#define TIOCGPTPEER _IO('T', 0x41)
#endif

enum { DEVPTS_MAGIC = 0x1cd1, SEND_PATIENCE_MILLIS = 2000 };

struct joining {
    const struct plan *plan;
    int channel, init;
    int sync, failure;   /* our ends */
    int born;            /* the pid of the program comes through here */
    pid_t guest, program;
};

/* Our ends are [0]. */
struct ends {
    int sync[2], failure[2], born[2];
};

static int64_t clock_millis(clockid_t clock) {
    struct timespec now;
    clock_gettime(clock, &now);
    return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

static void tell(const struct joining *self, const void *message, size_t size) {
    struct pollfd room = {.fd = self->channel, .events = POLLOUT};
    /* Never for ever: while we wait nobody reaps the program, and the sandbox could not end. */
    if (poll(&room, 1, SEND_PATIENCE_MILLIS) != 1) return;
    if (send(self->channel, message, size, MSG_NOSIGNAL | MSG_DONTWAIT) < 0) return;
}

static void tell_failure(const struct joining *self, const struct failure *failure) {
    char message[1 + sizeof *failure] = {'E'};
    memcpy(message + 1, failure, sizeof *failure);
    tell(self, message, sizeof message);
}

static void reap(pid_t *pid) {
    if (*pid <= 0) return;
    kill(*pid, SIGKILL);
    waitpid(*pid, NULL, 0);
    *pid = 0;
}

/* The guest or the program may have failed first; their reason is the better one. */
static int give_up(struct joining *self, unsigned op, const char *object) {
    struct failure failure, inner;
    failure_fill(&failure, op, errno, object);
    reap(&self->guest);
    reap(&self->program);
    if (self->failure >= 0 && read(self->failure, &inner, sizeof inner) == sizeof inner) failure = inner;
    tell_failure(self, &failure);
    return 1;
}

/* ---- the program, before it is one ---- */

static int is_terminal_multiplexer(int fd) {
    struct stat about;
    struct statfs where;
    if (fstat(fd, &about) != 0 || fstatfs(fd, &where) != 0) return 0;
    return S_ISCHR(about.st_mode) && about.st_rdev == makedev(5, 2) && where.f_type == DEVPTS_MAGIC;
}

/* Of the sandbox's own devpts, and checked to be it; the other end by descriptor, never by a path of the sandbox. */
static int open_terminal(const struct step *step, int *slave) {
    SCOPED int master = sys_openat2(AT_FDCWD, "/dev/pts/ptmx", O_RDWR | O_NOCTTY | O_CLOEXEC, RESOLVE_NO_SYMLINKS);
    if (master < 0) return -1;
    if (!is_terminal_multiplexer(master)) {
        errno = ENODEV;
        return -1;
    }
    int unlocked = 0;
    struct winsize size = {.ws_row = (unsigned short)plan_number(step, 2), .ws_col = (unsigned short)plan_number(step, 3)};
    if (ioctl(master, TIOCSPTLCK, &unlocked) != 0 || ioctl(master, TIOCSWINSZ, &size) != 0) return -1;
    *slave = ioctl(master, TIOCGPTPEER, O_RDWR | O_NOCTTY | O_CLOEXEC);
    if (*slave < 0 || fchown(*slave, (uid_t)plan_number(step, 4), (gid_t)-1) != 0) return -1;
    return fcntl(master, F_DUPFD_CLOEXEC, 0);
}

/* So that a program that is not root can open /dev/stdout again. */
static int open_pipe(int ends[2], const struct step *step) {
    if (pipe2(ends, O_CLOEXEC) != 0) return -1;
    return fchown(ends[1], (uid_t)plan_number(step, 4), (gid_t)plan_number(step, 5));
}

static int hand_over(int channel, const int *descriptors, unsigned count) {
    char byte = 'D';
    union {
        struct cmsghdr header;
        char bytes[CMSG_SPACE(3 * sizeof(int))];
    } control = {0};
    struct iovec part = {&byte, 1};
    struct msghdr message = {.msg_iov = &part, .msg_iovlen = 1, .msg_control = &control};
    message.msg_controllen = (socklen_t)CMSG_SPACE(count * sizeof(int));
    struct cmsghdr *header = CMSG_FIRSTHDR(&message);
    if (!header) return -1;
    header->cmsg_level = SOL_SOCKET;
    header->cmsg_type = SCM_RIGHTS;
    header->cmsg_len = (socklen_t)CMSG_LEN(count * sizeof(int));
    memcpy(CMSG_DATA(header), descriptors, count * sizeof(int));
    return sendmsg(channel, &message, MSG_NOSIGNAL) == 1 ? 0 : -1;
}

static int open_pipes(struct child *child, const struct step *step) {
    int input[2] = {-1, -1}, output[2], errors[2], handed[3];
    unsigned count = 0;
    if (plan_number(step, 1)) {
        if (open_pipe(input, step) != 0) return -1;
        child->input = input[0];
        handed[count++] = input[1];
    }
    if (open_pipe(output, step) != 0 || open_pipe(errors, step) != 0) return -1;
    child->output[0] = output[1];
    child->output[1] = errors[1];
    handed[count++] = output[0];
    handed[count++] = errors[0];
    if (hand_over(child->streams, handed, count) != 0) return -1;
    /* A reader of its own input that also had the writing end would never see its end; the exec closes it, but late. */
    for (unsigned i = 0; i < count; i++) close(handed[i]);
    return 0;
}

int streams_open(struct child *child, const struct step *step) {
    if (!plan_number(step, 0)) return open_pipes(child, step);
    int slave;
    SCOPED int master = open_terminal(step, &slave);
    if (master < 0) return -1;
    child->input = child->output[0] = child->output[1] = slave;
    child->terminal = 1;
    return hand_over(child->streams, &master, 1);
}

/* ---- the guest ---- */

static _Noreturn void be_guest(const struct joining *self, const struct ends *ends) {
    struct child child = {
        .sync = ends->sync[1], .failure = ends->failure[1], .status = -1, .input = -1, .streams = self->channel,
    };
    const struct step *step = plan_find(self->plan, OP_JOIN);
    char byte = 0;
    prctl(PR_SET_PDEATHSIG, SIGKILL, 0, 0, 0);
    close(ends->sync[0]);
    close(ends->failure[0]);
    close(ends->born[0]);
    if (recv(child.sync, &byte, 1, 0) != 1 || byte != 'J') child_fail(&child, OP_JOIN_GROUPS, "control groups");
    /* All of them or none. */
    if (setns(self->init, (int)plan_number(step, 0)) != 0) child_fail(&child, OP_JOIN, "namespaces");
    prctl(PR_SET_DUMPABLE, 0, 0, 0, 0);
    close(self->init);
    struct clone_args arguments = {.flags = CLONE_PARENT};
    long pid = syscall(SYS_clone3, &arguments, sizeof arguments);
    if (pid < 0) child_fail(&child, OP_JOIN, "process");
    if (pid == 0) {
        close(ends->born[1]);
        prctl(PR_SET_PDEATHSIG, SIGKILL, 0, 0, 0);
        child_run(self->plan, &child);
    }
    pid_t program = (pid_t)pid;
    _exit(write(ends->born[1], &program, sizeof program) == sizeof program ? 0 : 1);
}

/* ---- we, outside ---- */

static int make_guest(struct joining *self) {
    const struct step *step = plan_find(self->plan, OP_JOIN);
    struct ends ends;
    if (socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, ends.sync) != 0) return -1;
    if (pipe2(ends.failure, O_CLOEXEC) != 0 || pipe2(ends.born, O_CLOEXEC) != 0) return -1;
    struct clone_args arguments = {.exit_signal = SIGCHLD};
    SCOPED int birth = -1;
    if (step->fields[1].length > 0) {
        birth = open(step->fields[1].bytes, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
        if (birth < 0) return -1;
        arguments.flags = CLONE_INTO_CGROUP;
        arguments.cgroup = (unsigned)birth;
    }
    long pid = syscall(SYS_clone3, &arguments, sizeof arguments);
    if (pid < 0) return -1;
    if (pid == 0) {
        close_quietly(&birth); /* a directory of the host */
        be_guest(self, &ends);
    }
    self->guest = (pid_t)pid;
    self->sync = ends.sync[0];
    self->failure = ends.failure[0];
    self->born = ends.born[0];
    close(ends.sync[1]);
    close(ends.failure[1]);
    close(ends.born[1]);
    return 0;
}

static int let_in(const struct joining *self) {
    char path[64], text[24];
    const struct step *step = plan_find(self->plan, OP_JOIN_GROUPS);
    snprintf(text, sizeof text, "%d", self->guest);
    for (unsigned i = 0; step && i < step->count; i++)
        if (write_file(step->fields[i].bytes, text) != 0) return -1;
    step = plan_find(self->plan, OP_OOM_SCORE);
    if (step) {
        snprintf(path, sizeof path, "/proc/%d/oom_score_adj", self->guest);
        snprintf(text, sizeof text, "%lld", (long long)plan_number(step, 0));
        if (write_file(path, text) != 0) return -1;
    }
    /* Groups for the guest, ids for the program: they are mapped since long. */
    return send(self->sync, "J", 1, MSG_NOSIGNAL) == 1 && send(self->sync, "M", 1, MSG_NOSIGNAL) == 1 ? 0 : -1;
}

/* Returns 0 once the exec has succeeded. */
static int start(struct joining *self) {
    struct failure failure;
    char byte = 0;
    if (make_guest(self) != 0) return give_up(self, OP_JOIN, "guest");
    if (let_in(self) != 0) return give_up(self, OP_JOIN_GROUPS, "cgroup.procs");
    ssize_t got = read(self->born, &self->program, sizeof self->program);
    if (got != sizeof self->program) {
        self->program = 0;
        if (got >= 0) errno = ECANCELED;
        return give_up(self, OP_JOIN, "guest");
    }
    waitpid(self->guest, NULL, 0);
    self->guest = 0;
    if (recv(self->sync, &byte, 1, 0) != 1 || byte != 'P') return give_up(self, OP_PARK, "program");
    if (confine_to_signals() != 0) return give_up(self, OP_JOIN, "capabilities");
    if (send(self->sync, "G", 1, MSG_NOSIGNAL) != 1) return give_up(self, OP_PARK, "program");
    if (read(self->failure, &failure, sizeof failure) == sizeof failure) {
        reap(&self->program);
        tell_failure(self, &failure);
        return 1;
    }
    int64_t started = clock_millis(CLOCK_REALTIME);
    char message[9] = {'S'};
    memcpy(message + 1, &started, sizeof started);
    tell(self, message, sizeof message);
    return 0;
}

static void move_self(const struct joining *self) {
    const struct step *step = plan_find(self->plan, OP_SUPERVISOR_GROUPS);
    for (unsigned i = 0; step && i < step->count; i++)
        if (write_file(step->fields[i].bytes, "0") != 0) return; /* then we are where the runtime is */
}

/* The group cannot be another's: its leader is not reaped yet. */
static void signal_group(const struct joining *self, int number) {
    if (kill(-self->program, number) != 0 && kill(self->program, number) != 0) return; /* it has ended */
}

/* Returns 0 when nobody listens any more. */
static int obey(const struct joining *self) {
    unsigned char message[8];
    ssize_t got = recv(self->channel, message, sizeof message, MSG_DONTWAIT);
    if (got < 0) return errno == EAGAIN || errno == EINTR;
    if (got == 0) return 0;
    uint32_t number;
    if (got == 5 && message[0] == 'K') {
        memcpy(&number, message + 1, sizeof number);
        if (number > 0 && number < (uint32_t)NSIG) signal_group(self, (int)number);
    }
    return 1;
}

/* Until the program has ended. */
static void watch(const struct joining *self, int program_fd) {
    int64_t kill_at = 0;
    for (;;) {
        struct pollfd ready[2] = {{.fd = program_fd, .events = POLLIN},
                                  {.fd = kill_at ? -1 : self->channel, .events = POLLIN}};
        int timeout = -1;
        if (kill_at) {
            int64_t left = kill_at - clock_millis(CLOCK_MONOTONIC);
            timeout = left > 0 ? (int)left : 0;
        }
        int count = poll(ready, 2, timeout);
        if (count < 0 && errno != EINTR) return;
        if (count == 0 && kill_at) {
            signal_group(self, SIGKILL);
            kill_at = clock_millis(CLOCK_MONOTONIC) + 1000; /* what it forked meanwhile */
        }
        if (count <= 0) continue;
        if (ready[0].revents) return;
        if (ready[1].revents && !obey(self)) {
            signal_group(self, SIGHUP);
            signal_group(self, SIGCONT);
            kill_at = clock_millis(CLOCK_MONOTONIC) + (int64_t)plan_number(plan_find(self->plan, OP_JOIN), 2);
        }
    }
}

static void report_end(struct joining *self) {
    int status = 0;
    waitpid(self->program, &status, 0);
    int32_t number = WIFSIGNALED(status) ? WTERMSIG(status) : 0;
    int32_t code = number ? 128 + number : WEXITSTATUS(status);
    int64_t ended = clock_millis(CLOCK_REALTIME);
    char message[17] = {'X'};
    memcpy(message + 1, &code, 4);
    memcpy(message + 5, &number, 4);
    memcpy(message + 9, &ended, 8);
    tell(self, message, sizeof message);
}

int join_run(const struct plan *plan, int channel, int init_fd) {
    static struct joining self;
    self = (struct joining){.plan = plan, .channel = channel, .init = init_fd, .sync = -1, .failure = -1, .born = -1};
    if (!plan_find(plan, OP_STREAMS) || !plan_find(plan, OP_EXEC)) {
        errno = EINVAL;
        return give_up(&self, 0, "plan: a step is missing");
    }
    if (start(&self) != 0) return 1;
    close(init_fd);
    SCOPED int program_fd = (int)syscall(SYS_pidfd_open, self.program, 0);
    if (program_fd < 0) return give_up(&self, OP_JOIN, "watch");
    move_self(&self);
    watch(&self, program_fd);
    report_end(&self);
    return 0;
}
