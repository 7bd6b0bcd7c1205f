/*
 * The supervisor: makes the child, helps it from outside, and then watches it until it ends, with or without a runtime.
 *
 * Conversation over the channel, one message each:
 *   from Java: 'C' the control groups are there; 'G' let the program exec; 'K' the end was heard.
 *   to Java:   'R' + i32 pid: built and parked; 'S' + i64 epoch millis: the exec has succeeded;
 *              'E' + struct failure; 'X' + i32 code, i32 signal, i64 epoch millis: the program has ended.
 * A channel that closes before 'G' takes the child with it; afterwards the supervisor goes on alone. */
#define _GNU_SOURCE
#include "confine.h"
#include "console.h"
#include "init.h"
#include "kernel.h"
#include "lease.h"
#include "links.h"
#include "logs.h"
#include "oom.h"
#include "record.h"
#include "root.h"

#include <poll.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>

enum { GROUPS_MAX = 16 };

struct supervisor {
    const struct plan *plan;
    int channel;
    int directory; /* the sandbox's state directory */
    int run;       /* the locked file that says who we are */
    int sync, failure, status;
    int pid_fd;
    pid_t pid, own_pid;
    int groups[GROUPS_MAX]; /* files by which we leave our launcher's groups; below zero: the errno that opening one has met */
    unsigned group_count;
    int64_t started; /* epoch millis; 0 before the exec has succeeded */
    struct record record;
    struct oom oom;
    struct lease lease;
    struct log logs[2];
};

static int64_t now_millis(void) {
    struct timespec now;
    clock_gettime(CLOCK_REALTIME, &now);
    return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

static void tell(const struct supervisor *self, const void *message, size_t size) {
    /* A runtime that went away reads the files instead. */
    if (send(self->channel, message, size, MSG_NOSIGNAL) < 0) return;
}

static void tell_failure(const struct supervisor *self, const struct failure *failure) {
    char message[1 + sizeof *failure] = {'E'};
    memcpy(message + 1, failure, sizeof *failure);
    tell(self, message, sizeof message);
}

/* Of something that is no reason to end the sandbox; the current errno says why. */
static void report(const struct supervisor *self, unsigned op, const char *object) {
    struct failure failure;
    failure_fill(&failure, op, errno, object);
    tell_failure(self, &failure);
}

/* Ends the launch. The child may have failed first; its reason is the better one. */
static int give_up(const struct supervisor *self, unsigned op, const char *object) {
    struct failure failure, inner;
    failure_fill(&failure, op, errno, object);
    if (self->pid > 0) {
        kill(self->pid, SIGKILL);
        waitpid(self->pid, NULL, 0);
        /* Only now does the pipe have an end: nobody else holds it. */
        if (read(self->failure, &inner, sizeof inner) == sizeof inner) failure = inner;
    }
    tell_failure(self, &failure);
    return 1;
}

/* A lock that the kernel drops with us, and whose owner it names: proof of life without trusting pids. */
static int open_state(struct supervisor *self) {
    const struct step *step = plan_find(self->plan, OP_SUPERVISE);
    self->directory = open(step->fields[0].bytes, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (self->directory < 0) return -1;
    self->record.directory = self->directory;
    self->run = openat(self->directory, "run", O_RDWR | O_CREAT | O_CLOEXEC, 0600);
    struct flock lock = {.l_type = F_WRLCK, .l_whence = SEEK_SET};
    return self->run < 0 ? -1 : fcntl(self->run, F_SETLK, &lock);
}

static int note_run(const struct supervisor *self) {
    char text[256];
    const char *identity = plan_find(self->plan, OP_SUPERVISE)->fields[4].bytes;
    int length = snprintf(text, sizeof text, "1 %d %d %lld %s%s\n", self->own_pid, self->pid, (long long)self->started, identity,
                          self->lease.ended ? " FENCED" : "");
    if (length >= (int)sizeof text) {
        errno = ENAMETOOLONG;
        return -1;
    }
    return pwrite(self->run, text, (size_t)length, 0) == length ? 0 : -1;
}

/* One pair of descriptors per conversation with the child; [1] is the child's end. */
struct pipes {
    int sync[2], failure[2], status[2], output[2][2];
};

static int make_pipes(struct pipes *pipes, const struct step *owner) {
    if (socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, pipes->sync) != 0) return -1;
    if (pipe2(pipes->failure, O_CLOEXEC) != 0 || pipe2(pipes->status, O_CLOEXEC) != 0) return -1;
    for (int i = 0; i < 2; i++) {
        int *output = pipes->output[i];
        if (pipe2(output, O_CLOEXEC) != 0 || fcntl(output[0], F_SETFL, O_NONBLOCK) != 0) return -1;
        /* So that a program that is nobody on the host can open /dev/stdout again. */
        if (owner && fchown(output[1], (uid_t)plan_number(owner, 0), (gid_t)plan_number(owner, 1)) != 0) return -1;
    }
    return 0;
}

static void keep_own_ends(struct supervisor *self, const struct pipes *pipes) {
    self->sync = pipes->sync[0];
    self->failure = pipes->failure[0];
    self->status = pipes->status[0];
    close(pipes->sync[1]);
    close(pipes->failure[1]);
    close(pipes->status[1]);
    for (int i = 0; i < 2; i++) {
        self->logs[i].pipe = pipes->output[i][0];
        close(pipes->output[i][1]);
    }
}

static _Noreturn void be_child(const struct supervisor *self, const struct pipes *pipes) {
    struct child child = {
        .sync = pipes->sync[1],
        .failure = pipes->failure[1],
        .status = pipes->status[1],
        .input = -1,
        .streams = pipes->sync[1],
        .output = {pipes->output[0][1], pipes->output[1][1]},
    };
    const int ours[] = {self->channel,      self->directory,  self->run,           pipes->sync[0],
                        pipes->failure[0],  pipes->status[0], pipes->output[0][0], pipes->output[1][0]};
    for (size_t i = 0; i < sizeof ours / sizeof *ours; i++) close(ours[i]);
    child_run(self->plan, &child);
}

static int clone_child(struct supervisor *self) {
    const struct step *step = plan_find(self->plan, OP_CLONE);
    struct pipes pipes;
    if (make_pipes(&pipes, plan_find(self->plan, OP_OUTPUT_OWNER)) != 0) return -1;
    struct clone_args arguments = {
        .flags = plan_number(step, 0) | CLONE_PIDFD,
        .pidfd = (uint64_t)(uintptr_t)&self->pid_fd,
        .exit_signal = SIGCHLD,
    };
    SCOPED int birth = -1;
    if (step->fields[1].length > 0) {
        birth = open(step->fields[1].bytes, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
        if (birth < 0) return -1;
        arguments.flags |= CLONE_INTO_CGROUP;
        arguments.cgroup = (unsigned)birth;
    }
    long pid = syscall(SYS_clone3, &arguments, sizeof arguments);
    if (pid < 0) return -1;
    if (pid == 0) {
        close_quietly(&birth); /* a directory of the host */
        be_child(self, &pipes);
    }
    self->pid = (pid_t)pid;
    keep_own_ends(self, &pipes);
    return 0;
}

int write_file(const char *path, const char *text) {
    SCOPED int fd = open(path, O_WRONLY | O_CLOEXEC);
    return fd < 0 || write(fd, text, strlen(text)) < 0 ? -1 : 0;
}

static int map_ids(const struct supervisor *self, const struct step *step) {
    char path[64], map[64];
    snprintf(map, sizeof map, "0 %llu %llu", (unsigned long long)plan_number(step, 0),
             (unsigned long long)plan_number(step, 1));
    snprintf(path, sizeof path, "/proc/%d/gid_map", self->pid);
    if (write_file(path, map) != 0) return -1;
    snprintf(path, sizeof path, "/proc/%d/uid_map", self->pid);
    return write_file(path, map);
}

static int send_root(const struct supervisor *self, int root) {
    char byte = 'F';
    union {
        struct cmsghdr header;
        char bytes[CMSG_SPACE(sizeof(int))];
    } control = {0};
    struct iovec part = {&byte, 1};
    struct msghdr message = {.msg_iov = &part, .msg_iovlen = 1, .msg_control = &control, .msg_controllen = sizeof control};
    struct cmsghdr *header = CMSG_FIRSTHDR(&message);
    header->cmsg_level = SOL_SOCKET;
    header->cmsg_type = SCM_RIGHTS;
    header->cmsg_len = CMSG_LEN(sizeof root);
    memcpy(CMSG_DATA(header), &root, sizeof root);
    return sendmsg(self->sync, &message, MSG_NOSIGNAL) == 1 ? 0 : -1;
}

static int build_root(const struct supervisor *self, const struct step *step) {
    const char *state = plan_find(self->plan, OP_SUPERVISE)->fields[0].bytes;
    SCOPED int root = root_open(self->pid, step, state);
    return root < 0 ? -1 : send_root(self, root);
}

static int signal_child(const struct supervisor *self, char byte) {
    return send(self->sync, &byte, 1, MSG_NOSIGNAL) == 1 ? 0 : -1;
}

static int await_byte(int socket, char expected) {
    char byte = 0;
    ssize_t got = recv(socket, &byte, 1, 0);
    if (got == 1 && byte == expected) return 0;
    if (got >= 0) errno = ECANCELED;
    return -1;
}

static int join_groups(const struct supervisor *self, const struct step *step) {
    char text[16];
    snprintf(text, sizeof text, "%d", self->pid);
    for (unsigned i = 0; i < step->count; i++)
        if (write_file(step->fields[i].bytes, text) != 0) return -1;
    return 0;
}

/* Its own network namespace has no way out of itself, so the link is made from our side, with one end over there. */
static int attach_link(const struct supervisor *self, const struct step *step) {
    char batch[LINKS_MAX_BYTES];
    const struct field *ready = &step->fields[1];
    uint64_t offset = plan_number(step, 2);
    uint32_t pid = (uint32_t)self->pid;
    if (ready->length > sizeof batch || ready->length < sizeof pid || offset > ready->length - sizeof pid) {
        errno = EMSGSIZE;
        return -1;
    }
    memcpy(batch, ready->bytes, ready->length);
    memcpy(batch + offset, &pid, sizeof pid);
    return links_apply(batch, ready->length);
}

/* By us, because the child's own file belongs to the host's root as long as it is not dumpable. */
static int set_oom_score(const struct supervisor *self, const struct step *step) {
    char path[64], text[24];
    snprintf(path, sizeof path, "/proc/%d/oom_score_adj", self->pid);
    snprintf(text, sizeof text, "%lld", (long long)plan_number(step, 0));
    return write_file(path, text);
}

/* Everything up to the parked child. Returns 0, or -1 after the runtime was told why not. */
static int build(struct supervisor *self) {
    const struct step *step;
    if (open_state(self) != 0) return give_up(self, OP_SUPERVISE, "state directory");
    if (clone_child(self) != 0) return give_up(self, OP_CLONE, "namespaces");
    if ((step = plan_find(self->plan, OP_MAP_IDS)) && map_ids(self, step) != 0) return give_up(self, OP_MAP_IDS, "");
    if (plan_find(self->plan, OP_BECOME_ROOT) && signal_child(self, 'M') != 0) return give_up(self, OP_MAP_IDS, "child");
    step = plan_find(self->plan, OP_ROOT_OVERLAY);
    if (build_root(self, step) != 0) return give_up(self, OP_ROOT_OVERLAY, step->fields[0].bytes);
    if ((step = plan_find(self->plan, OP_OOM_SCORE)) && set_oom_score(self, step) != 0)
        return give_up(self, OP_OOM_SCORE, "");
    /* Behind the root, so that the child has its mounts to make in the meantime. */
    if ((step = plan_find(self->plan, OP_ATTACH_LINK)) && attach_link(self, step) != 0)
        return give_up(self, OP_ATTACH_LINK, step->fields[0].bytes);
    if (await_byte(self->channel, 'C') != 0) return give_up(self, OP_JOIN_GROUPS, "runtime");
    if ((step = plan_find(self->plan, OP_JOIN_GROUPS)) && join_groups(self, step) != 0)
        return give_up(self, OP_JOIN_GROUPS, "cgroup.procs");
    if (plan_find(self->plan, OP_AWAIT_GROUPS) && signal_child(self, 'J') != 0) return give_up(self, OP_JOIN_GROUPS, "child");
    step = plan_find(self->plan, OP_STREAMS);
    if (step && console_receive(self->sync, step, self->logs) != 0) return give_up(self, OP_STREAMS, "console");
    if (await_byte(self->sync, 'P') != 0) return give_up(self, OP_PARK, "child");
    step = plan_find(self->plan, OP_LEASE);
    if (step && lease_open(&self->lease, step) != 0) return give_up(self, OP_LEASE, step->fields[0].bytes);
    if (note_run(self) != 0) return give_up(self, OP_SUPERVISE, "run");
    char ready[5] = {'R'};
    int32_t pid = self->pid;
    memcpy(ready + 1, &pid, sizeof pid);
    tell(self, ready, sizeof ready);
    return 0;
}

/* While there is still a right to: the moves themselves are made behind the start, see there. */
static int open_groups(struct supervisor *self) {
    const struct step *step = plan_find(self->plan, OP_SUPERVISOR_GROUPS);
    self->group_count = step ? step->count : 0;
    if (self->group_count > GROUPS_MAX) {
        errno = E2BIG;
        return -1;
    }
    for (unsigned i = 0; i < self->group_count; i++) {
        self->groups[i] = open(step->fields[i].bytes, O_WRONLY | O_CLOEXEC);
        if (self->groups[i] < 0) self->groups[i] = -errno;
    }
    return 0;
}

/* The sandbox is built: what is left to do needs our own directory, and the right to signal. */
static int confine(struct supervisor *self) {
    const struct step *step = plan_find(self->plan, OP_OOM_GROUP);
    if (open_groups(self) != 0) return give_up(self, OP_SUPERVISOR_GROUPS, "too many");
    if (step && oom_open(&self->oom, step) != 0) return give_up(self, OP_OOM_GROUP, step->fields[0].bytes);
    if (confine_to_directory(self->directory) != 0) return give_up(self, OP_SUPERVISE, "change root");
    if (confine_to_signals() != 0) return give_up(self, OP_SUPERVISE, "capabilities");
    return 0;
}

/* Lets the parked child exec. Returns 0 once the exec has succeeded. */
static int start(struct supervisor *self) {
    struct failure failure;
    if (await_byte(self->channel, 'G') != 0) return give_up(self, OP_PARK, "runtime");
    if (lease_is_over(&self->lease)) {
        errno = ETIME;
        return give_up(self, OP_LEASE, "lease");
    }
    if (signal_child(self, 'G') != 0) return give_up(self, OP_PARK, "child");
    if (confine(self) != 0) return 1;
    ssize_t got = read(self->failure, &failure, sizeof failure);
    if (got == sizeof failure) {
        tell_failure(self, &failure);
        return 0; /* the end of the child is recorded like any other */
    }
    self->started = now_millis();
    if (note_run(self) != 0) return give_up(self, OP_SUPERVISE, "run");
    char message[9] = {'S'};
    memcpy(message + 1, &self->started, sizeof self->started);
    tell(self, message, sizeof message);
    return 0;
}

/* Behind the start, because a move may wait for the kernel for milliseconds. The runtime logs what goes wrong. */
static void move_self(struct supervisor *self) {
    const struct step *step = plan_find(self->plan, OP_SUPERVISOR_GROUPS);
    for (unsigned i = 0; i < self->group_count; i++) {
        int file = self->groups[i];
        if (file < 0) errno = -file;
        if (file < 0 || write(file, "0", 1) < 0) report(self, OP_SUPERVISOR_GROUPS, step->fields[i].bytes);
        if (file >= 0) close(file);
    }
}

/* Nothing of it holds up the start: the program runs already. */
static void settle(struct supervisor *self) {
    if (oom_listen(&self->oom) != 0) report(self, OP_OOM_GROUP, "cgroup.event_control");
    move_self(self);
    /* Before the disk can be filled by whoever: how the program has ended must not be lost for want of a block. */
    if (record_reserve(&self->record) != 0) report(self, OP_SUPERVISE, "exit.new");
    /* What holds the other end may have outlived the reaper. */
    if (fcntl(self->status, F_SETFL, O_NONBLOCK) != 0) report(self, OP_SUPERVISE, "status");
    close(self->sync);
    close(self->failure);
    if (confine_to_watching() != 0) report(self, OP_SUPERVISE, "system calls");
}

/* Said before it is done, in room that is there: who comes later must know that it was no failure of the program. */
static void fence(struct supervisor *self) {
    if (lease_holds(&self->lease)) return;
    if (note_run(self) != 0) report(self, OP_LEASE, "run");
    if (syscall(SYS_pidfd_send_signal, self->pid_fd, SIGKILL, NULL, 0) != 0) report(self, OP_LEASE, "pid 1");
}

/* Pumps output until the child has ended, no faster than it may: a full pipe makes the writer wait. */
static void watch(struct supervisor *self) {
    for (;;) {
        struct pollfd ready[5] = {{.fd = self->pid_fd, .events = POLLIN},
                                  [3] = {.fd = self->oom.events, .events = POLLIN},
                                  [4] = {.fd = self->lease.timer, .events = POLLIN}};
        int timeout = oom_wait_millis(&self->oom);
        for (int i = 0; i < 2; i++) {
            int wait = log_wait_millis(&self->logs[i]);
            ready[i + 1] = (struct pollfd){.fd = wait > 0 ? -1 : self->logs[i].pipe, .events = POLLIN};
            if (wait > 0 && (timeout < 0 || wait < timeout)) timeout = wait;
        }
        if (poll(ready, 5, timeout) < 0) {
            if (errno != EINTR) return;
            continue;
        }
        if (ready[4].revents && !ready[0].revents) fence(self);
        if (ready[3].revents) oom_heard(&self->oom);
        if (oom_enforce(&self->oom, self->pid_fd) != 0) report(self, OP_OOM_GROUP, "pid 1");
        for (int i = 0; i < 2; i++)
            if (ready[i + 1].revents) log_pump(&self->logs[i], self->directory);
        if (ready[0].revents) return;
    }
}

static int wait_for_end(struct supervisor *self) {
    int status = 0, inner;
    waitpid(self->pid, &status, 0);
    /* With our reaper as pid 1 the program's own status came through the pipe, unless the reaper was killed too. */
    if (read(self->status, &inner, sizeof inner) == sizeof inner) status = inner;
    return status;
}

static void record_end(struct supervisor *self) {
    int status = wait_for_end(self);
    for (int i = 0; i < 2; i++) log_drain(&self->logs[i], self->directory);
    int32_t number = WIFSIGNALED(status) ? WTERMSIG(status) : 0;
    struct end end = {.code = number ? 128 + number : WEXITSTATUS(status), .signal = number, .millis = now_millis()};
    int written = record_write(&self->record, &end) == 0;
    char message[17] = {'X'};
    memcpy(message + 1, &end.code, 4);
    memcpy(message + 5, &end.signal, 4);
    memcpy(message + 9, &end.millis, 8);
    tell(self, message, sizeof message);
    /* A runtime that has heard it spares us the wait for the disk; without one the record must outlive a crash. */
    struct pollfd answer = {.fd = self->channel, .events = POLLIN};
    int heard = poll(&answer, 1, 2000) == 1 && recv(self->channel, message, 1, 0) == 1 && message[0] == 'K';
    /* No record is better than a torn one: the sandbox then counts as lost. */
    if (written) record_publish(&self->record, !heard);
}

int supervisor_run(const struct plan *plan, int channel) {
    static struct supervisor self;
    self = (struct supervisor){.plan = plan, .channel = channel, .directory = -1, .failure = -1, .pid_fd = -1, .own_pid = getpid()};
    const struct step *step = plan_find(plan, OP_SUPERVISE);
    if (!step || !plan_find(plan, OP_CLONE) || !plan_find(plan, OP_ROOT_OVERLAY) || !plan_find(plan, OP_EXEC)) {
        errno = EINVAL;
        return give_up(&self, 0, "plan: a step is missing");
    }
    self.record.file = -1;
    self.oom = OOM_NONE;
    self.lease = LEASE_NONE;
    log_open(&self.logs[0], "stdout", step);
    log_open(&self.logs[1], "stderr", step);
    if (build(&self) != 0 || start(&self) != 0) return 1;
    settle(&self);
    watch(&self);
    record_end(&self);
    return 0;
}
