#define _GNU_SOURCE
#include "netlink.h"
#include "kernel.h"

#include <linux/netlink.h>
#include <string.h>
#include <sys/socket.h>

/* Returns how many acknowledgements a datagram holds, or -1 with the errno of the first refusal. */
static int count_answers(const unsigned char *bytes, size_t size) {
    int count = 0;
    for (size_t at = 0; at + sizeof(struct nlmsghdr) <= size;) {
        struct nlmsghdr header;
        memcpy(&header, bytes + at, sizeof header);
        if (header.nlmsg_len < sizeof header || header.nlmsg_len > size - at) break;
        if (header.nlmsg_type == NLMSG_ERROR && header.nlmsg_len >= NLMSG_LENGTH(sizeof(int))) {
            int error;
            memcpy(&error, bytes + at + NLMSG_HDRLEN, sizeof error);
            if (error != 0) {
                errno = -error;
                return -1;
            }
            count++;
        }
        at += NLMSG_ALIGN(header.nlmsg_len);
    }
    return count;
}

int netlink_request(const struct field *batch, unsigned answers) {
    unsigned char answer[8192];
    SCOPED int fd = socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, NETLINK_ROUTE);
    if (fd < 0 || send(fd, batch->bytes, batch->length, 0) < 0) return -1;
    while (answers > 0) {
        ssize_t got = recv(fd, answer, sizeof answer, 0);
        if (got < 0) return -1;
        int count = count_answers(answer, (size_t)got);
        if (count < 0) return -1;
        answers -= (unsigned)count < answers ? (unsigned)count : answers;
    }
    return 0;
}

int netlink_request_for(const struct field *batch, uint32_t pid, uint64_t pid_offset, unsigned answers) {
    static char patched[NETLINK_BATCH_MAX];
    if (batch->length > sizeof patched || pid_offset > batch->length - sizeof pid) {
        errno = EMSGSIZE;
        return -1;
    }
    memcpy(patched, batch->bytes, batch->length);
    memcpy(patched + pid_offset, &pid, sizeof pid);
    struct field whole = {patched, batch->length};
    return netlink_request(&whole, answers);
}
