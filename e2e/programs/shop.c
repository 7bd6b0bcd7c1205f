/*
 * The programs that the tenants of the demonstration run, in one static binary for an otherwise bare image.
 *
 *   shop serve RATE ROUNDS  customers come RATE times a second whether or not the last one is served yet; each costs
 *                           ROUNDS rounds of hashing. One line a second: "serve MILLIS served=N us=L,L,..." with the
 *                           latency of each, counted from the moment the customer came.
 *   shop grind ORDERS ROUNDS
 *                           each second does ORDERS orders of ROUNDS rounds as fast as it can, then rests. One line a
 *                           second: "grind MILLIS done=N us=BUSY", so the work rate is N per BUSY microseconds.
 *   shop stamp              prints "stamp MICROS" as its first act, then sleeps for ever.
 *   shop web PORT ROUNDS PAGE
 *                           answers each request over HTTP with PAGE, after ROUNDS rounds of hashing.
 *   shop knock NAME=tcp:ADDRESS:PORT ...
 *                           tries each door once: "knock NAME open", "refused", "silent" after 2.5 seconds, or the error;
 *                           then asks for sockets with which it could forge addresses; then sleeps for ever.
 *   shop flood ADDRESS PORT sends small datagrams as fast as it can. One line a second: "flood MILLIS sent=N refused=M".
 *
 * Times on the lines are of CLOCK_REALTIME, so that a reader on the same host can cut out a window of them.
 */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <errno.h>
#include <linux/if_packet.h>
#include <netinet/in.h>
#include <poll.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#define SECOND_NS 1000000000ll
#define BLOCK_BYTES (64 * 1024)
#define MAX_RATE 1000

static unsigned char block[BLOCK_BYTES];
static volatile uint64_t sink;

static int64_t now_ns(clockid_t clock) {
    struct timespec t;
    clock_gettime(clock, &t);
    return t.tv_sec * SECOND_NS + t.tv_nsec;
}

static long long now_millis(void) {
    return now_ns(CLOCK_REALTIME) / 1000000;
}

/* FNV-1a: each step needs the one before it, so no compiler and no vector unit makes it cheaper. */
static void work(long rounds) {
    uint64_t hash = 1469598103934665603ull;
    for (long round = 0; round < rounds; round++)
        for (size_t i = 0; i < BLOCK_BYTES; i++) hash = (hash ^ block[i]) * 1099511628211ull;
    block[hash % BLOCK_BYTES] ^= 1;
    sink = hash;
}

static void sleep_until(int64_t when) {
    struct timespec t = {.tv_sec = when / SECOND_NS, .tv_nsec = when % SECOND_NS};
    while (clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, &t, NULL) != 0) {}
}

static void report(const int64_t *latencies, long served) {
    printf("serve %lld served=%ld us=", now_millis(), served);
    for (long i = 0; i < served; i++) printf(i ? ",%lld" : "%lld", (long long)(latencies[i] / 1000));
    printf("\n");
    fflush(stdout);
}

static void serve(long rate, long rounds) {
    static int64_t latencies[2 * MAX_RATE];
    int64_t come = now_ns(CLOCK_MONOTONIC), line_due = come + SECOND_NS;
    for (long served = 0;;) {
        come += SECOND_NS / rate;
        sleep_until(come);
        work(rounds);
        int64_t done = now_ns(CLOCK_MONOTONIC);
        latencies[served++] = done - come;
        if (done < line_due && served < 2 * MAX_RATE) continue;
        report(latencies, served);
        served = 0;
        line_due = done + SECOND_NS;
    }
}

static void grind(long orders, long rounds) {
    for (int64_t next = now_ns(CLOCK_MONOTONIC);; next += SECOND_NS) {
        sleep_until(next);
        int64_t begin = now_ns(CLOCK_MONOTONIC);
        for (long done = 0; done < orders; done++) work(rounds);
        int64_t end = now_ns(CLOCK_MONOTONIC);
        printf("grind %lld done=%ld us=%lld\n", now_millis(), orders, (long long)((end - begin) / 1000));
        fflush(stdout);
        if (end > next + SECOND_NS) next = end; /* starved for more than its second: no catching up */
    }
}

static void stamp(void) {
    printf("stamp %lld\n", (long long)(now_ns(CLOCK_REALTIME) / 1000));
    fflush(stdout);
    for (;;) pause();
}

static struct sockaddr_in address(const char *host, long port) {
    struct sockaddr_in to = {.sin_family = AF_INET, .sin_port = htons((uint16_t)port)};
    if (inet_pton(AF_INET, host, &to.sin_addr) != 1) {
        fprintf(stderr, "shop: not an address: %s\n", host);
        exit(2);
    }
    return to;
}

static void answer(int customer, long rounds, const char *page) {
    /* A customer who says nothing must not keep the others waiting. */
    struct timeval patience = {.tv_sec = 1};
    char request[4096], head[128];
    setsockopt(customer, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
    setsockopt(customer, SOL_SOCKET, SO_SNDTIMEO, &patience, sizeof patience);
    if (read(customer, request, sizeof request) <= 0) return;
    work(rounds);
    int length = snprintf(head, sizeof head, "HTTP/1.1 200 OK\r\nContent-Length: %zu\r\nConnection: close\r\n\r\n",
                          strlen(page) + 1);
    if (write(customer, head, (size_t)length) == length) dprintf(customer, "%s\n", page);
}

static int web(long port, long rounds, const char *page) {
    signal(SIGPIPE, SIG_IGN); /* customers may leave before they are served */
    struct sockaddr_in here = address("0.0.0.0", port);
    int door = socket(AF_INET, SOCK_STREAM, 0), yes = 1;
    setsockopt(door, SOL_SOCKET, SO_REUSEADDR, &yes, sizeof yes);
    if (bind(door, (struct sockaddr *)&here, sizeof here) != 0 || listen(door, 128) != 0) {
        perror("shop: listen");
        return 1;
    }
    for (;;) {
        int customer = accept(door, NULL, NULL);
        if (customer < 0) continue;
        answer(customer, rounds, page);
        close(customer);
    }
}

/* A lost first packet is sent again a second later, and that one must still count: other hosts hear of a new replica
 * only a moment after its start. */
enum { KNOCK_MILLIS = 2500 };

/* What a connection attempt comes to. */
static const char *try_door(const char *host, long port) {
    struct sockaddr_in to = address(host, port);
    int fd = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0), error = 0;
    socklen_t size = sizeof error;
    const char *found = "silent";
    if (fd < 0) return strerror(errno);
    if (connect(fd, (struct sockaddr *)&to, sizeof to) == 0) {
        found = "open";
    } else if (errno != EINPROGRESS) {
        found = strerror(errno);
    } else {
        struct pollfd wait = {.fd = fd, .events = POLLOUT};
        if (poll(&wait, 1, KNOCK_MILLIS) == 1 && getsockopt(fd, SOL_SOCKET, SO_ERROR, &error, &size) == 0)
            found = error == 0 ? "open" : error == ECONNREFUSED ? "refused" : strerror(error);
    }
    close(fd);
    return found;
}

static void ask_for(const char *name, int family, int type, int protocol) {
    int fd = socket(family, type, protocol);
    printf("knock %s %s\n", name, fd < 0 ? strerror(errno) : "open");
    if (fd >= 0) close(fd);
}

static void knock(int doors, char **door) {
    for (int i = 0; i < doors; i++) {
        char name[64], host[64];
        long port;
        if (sscanf(door[i], "%63[^=]=tcp:%63[^:]:%ld", name, host, &port) != 3) {
            fprintf(stderr, "shop: not a door: %s\n", door[i]);
            exit(2);
        }
        printf("knock %s %s\n", name, try_door(host, port));
    }
    ask_for("raw-socket", AF_INET, SOCK_RAW, IPPROTO_RAW);
    ask_for("packet-socket", AF_PACKET, SOCK_RAW, 0);
    printf("knock end\n");
    fflush(stdout);
    for (;;) pause();
}

static void flood(const char *host, long port) {
    struct sockaddr_in to = address(host, port);
    int fd = socket(AF_INET, SOCK_DGRAM, 0);
    long sent = 0, refused = 0;
    int64_t line_due = now_ns(CLOCK_MONOTONIC) + SECOND_NS;
    for (;;) {
        for (int i = 0; i < 256; i++) {
            if (sendto(fd, "flood", 5, MSG_DONTWAIT, (struct sockaddr *)&to, sizeof to) == 5)
                sent++;
            else
                refused++;
        }
        if (now_ns(CLOCK_MONOTONIC) < line_due) continue;
        printf("flood %lld sent=%ld refused=%ld\n", now_millis(), sent, refused);
        fflush(stdout);
        sent = refused = 0;
        line_due += SECOND_NS;
    }
}

int main(int argc, char **argv) {
    if (argc == 2 && !strcmp(argv[1], "stamp")) stamp();
    if (argc == 4 && !strcmp(argv[1], "grind") && atol(argv[2]) > 0 && atol(argv[3]) > 0)
        grind(atol(argv[2]), atol(argv[3]));
    if (argc == 4 && !strcmp(argv[1], "serve") && atol(argv[2]) > 0 && atol(argv[2]) <= MAX_RATE && atol(argv[3]) > 0)
        serve(atol(argv[2]), atol(argv[3]));
    if (argc == 5 && !strcmp(argv[1], "web")) return web(atol(argv[2]), atol(argv[3]), argv[4]);
    if (argc >= 3 && !strcmp(argv[1], "knock")) knock(argc - 2, argv + 2);
    if (argc == 4 && !strcmp(argv[1], "flood")) flood(argv[2], atol(argv[3]));
    fprintf(stderr, "usage: shop serve RATE ROUNDS | grind ORDERS ROUNDS | stamp | web PORT ROUNDS PAGE | knock DOOR... |"
                    " flood ADDRESS PORT\n");
    return 2;
}
