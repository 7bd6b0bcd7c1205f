#define _GNU_SOURCE
#include "links.h"
#include "kernel.h"

#include <linux/netlink.h>
#include <string.h>
#include <sys/socket.h>

/* The first refusal, 0 if there is none; each request that failed is told in a message of its own. */
static int answer_error(const char *answer, size_t length) {
    struct nlmsghdr header;
    int error = 0;
    if (length < sizeof header + sizeof error) return -EPROTO;
    memcpy(&header, answer, sizeof header);
    memcpy(&error, answer + sizeof header, sizeof error);
    return header.nlmsg_type == NLMSG_ERROR ? error : -EPROTO;
}

int links_apply(const char *batch, size_t length) {
    SCOPED int fd = socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, NETLINK_ROUTE);
    if (fd < 0 || send(fd, batch, length, 0) < 0) return -1;
    /* The kernel has done all of it before send() returns, so every answer is there already, or none will come. */
    char answer[4096];
    int answers = 0;
    for (;;) {
        ssize_t got = recv(fd, answer, sizeof answer, MSG_DONTWAIT);
        if (got < 0 && errno != EAGAIN) return -1;
        if (got < 0) break;
        int error = answer_error(answer, (size_t)got);
        if (error != 0) {
            errno = -error;
            return -1;
        }
        answers++;
    }
    if (answers == 0) errno = EPROTO;
    return answers > 0 ? 0 : -1;
}
