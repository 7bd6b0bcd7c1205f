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
 *
 * Times on the lines are of CLOCK_REALTIME, so that a reader on the same host can cut out a window of them.
 */
#define _GNU_SOURCE
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
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

int main(int argc, char **argv) {
    if (argc == 2 && !strcmp(argv[1], "stamp")) stamp();
    if (argc == 4 && !strcmp(argv[1], "grind") && atol(argv[2]) > 0 && atol(argv[3]) > 0)
        grind(atol(argv[2]), atol(argv[3]));
    if (argc == 4 && !strcmp(argv[1], "serve") && atol(argv[2]) > 0 && atol(argv[2]) <= MAX_RATE && atol(argv[3]) > 0)
        serve(atol(argv[2]), atol(argv[3]));
    fprintf(stderr, "usage: shop serve RATE ROUNDS | grind ORDERS ROUNDS | stamp\n");
    return 2;
}
