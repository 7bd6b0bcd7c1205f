#define _GNU_SOURCE
#include "console.h"
#include "kernel.h"

#include <string.h>
#include <sys/socket.h>

enum { DESCRIPTORS_MAX = 3 };

/* Returns how many there are, -1 if there was another message or none: the child says elsewhere why. */
static int receive(int sync, int descriptors[DESCRIPTORS_MAX]) {
    char byte = 0;
    union {
        struct cmsghdr header;
        char bytes[CMSG_SPACE(DESCRIPTORS_MAX * sizeof(int))];
    } control = {0};
    struct iovec part = {&byte, 1};
    struct msghdr message = {.msg_iov = &part, .msg_iovlen = 1, .msg_control = &control, .msg_controllen = sizeof control};
    ssize_t got = recvmsg(sync, &message, MSG_CMSG_CLOEXEC);
    struct cmsghdr *header = got == 1 && byte == 'D' ? CMSG_FIRSTHDR(&message) : NULL;
    if (!header || header->cmsg_level != SOL_SOCKET || header->cmsg_type != SCM_RIGHTS) {
        if (got >= 0) errno = ECANCELED;
        return -1;
    }
    size_t bytes = header->cmsg_len - CMSG_LEN(0);
    memcpy(descriptors, CMSG_DATA(header), bytes);
    return (int)(bytes / sizeof(int));
}

static void pump_from(struct log *log, int output) {
    close_quietly(&log->pipe);
    log->pipe = output;
}

int console_receive(int sync, const struct step *step, struct log logs[2]) {
    int got[DESCRIPTORS_MAX];
    int terminal = plan_number(step, 0) != 0, expected = terminal ? 1 : 3;
    int count = receive(sync, got);
    if (count < 0) return -1;
    if (count != expected) {
        errno = EPROTO;
        return -1;
    }
    for (int i = 0; i < count; i++)
        if (fcntl(got[i], F_SETFL, O_NONBLOCK) != 0) return -1;
    if (dup3(got[0], CONSOLE, O_CLOEXEC) < 0 || close(got[0]) != 0) return -1;
    pump_from(&logs[0], terminal ? CONSOLE : got[1]);
    pump_from(&logs[1], terminal ? -1 : got[2]);
    return 0;
}
