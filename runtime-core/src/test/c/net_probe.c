/*
 * What the network's tests send and hear:
 *
 *   net_probe serve PORT              answers each datagram with the address and port that it came from
 *   net_probe ask ADDRESS PORT [FROM] prints the answer; ends with 1 if there is none within a second
 *   net_probe shop PORT TEXT          says the text to each who connects
 *   net_probe buy ADDRESS PORT        prints what is said; ends with 1 if nothing is within a second
 *   net_probe flows ADDRESS PORT N    one datagram to each of N ports
 *   net_probe stream ADDRESS PORT N   N datagrams to one port
 *   net_probe complain ADDRESS PORT VICTIM VICTIM_PORT
 *                                     tells the address by ICMP that the victim's port, to which it has sent datagrams
 *                                     from the port, cannot be reached
 */
#include <arpa/inet.h>
#include <netinet/ip.h>
#include <netinet/ip_icmp.h>
#include <netinet/udp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>

static struct sockaddr_in name(const char *address, int port) {
    struct sockaddr_in name = {.sin_family = AF_INET, .sin_port = htons((unsigned short)port)};
    if (inet_pton(AF_INET, address, &name.sin_addr) != 1) exit(2);
    return name;
}

static int fail(const char *what) {
    perror(what);
    return 1;
}

static int open_bound(const char *address, int port) {
    int fd = socket(AF_INET, SOCK_DGRAM, IPPROTO_UDP);
    struct sockaddr_in own = name(address, port);
    if (fd < 0 || bind(fd, (struct sockaddr *)&own, sizeof own) != 0) {
        perror("bind");
        exit(2);
    }
    return fd;
}

static void wait_at_most(int fd, int seconds) {
    struct timeval time = {.tv_sec = seconds};
    setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &time, sizeof time);
}

static int serve(int port) {
    int fd = open_bound("0.0.0.0", port);
    for (;;) {
        char text[512];
        struct sockaddr_in from;
        socklen_t size = sizeof from;
        if (recvfrom(fd, text, sizeof text, 0, (struct sockaddr *)&from, &size) < 0) return 1;
        int length = snprintf(text, sizeof text, "%s:%d", inet_ntoa(from.sin_addr), ntohs(from.sin_port));
        sendto(fd, text, (size_t)length, 0, (struct sockaddr *)&from, size);
    }
}

static int ask(const char *address, int port, int from) {
    int fd = open_bound("0.0.0.0", from);
    struct sockaddr_in to = name(address, port);
    char text[512];
    wait_at_most(fd, 1);
    if (sendto(fd, "?", 1, 0, (struct sockaddr *)&to, sizeof to) < 0) return 1;
    ssize_t got = recv(fd, text, sizeof text - 1, 0);
    if (got < 0) return 1;
    text[got] = 0;
    puts(text);
    return 0;
}

static int shop(int port, const char *text) {
    int fd = socket(AF_INET, SOCK_STREAM, 0), on = 1;
    struct sockaddr_in own = name("0.0.0.0", port);
    setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
    if (bind(fd, (struct sockaddr *)&own, sizeof own) != 0 || listen(fd, 64) != 0) return fail("bind");
    for (;;) {
        int client = accept(fd, NULL, NULL);
        if (client < 0) return fail("accept");
        send(client, text, strlen(text), MSG_NOSIGNAL);
        close(client);
    }
}

static int buy(const char *address, int port) {
    int fd = socket(AF_INET, SOCK_STREAM, 0);
    struct sockaddr_in to = name(address, port);
    struct timeval time = {.tv_sec = 1};
    char text[512];
    wait_at_most(fd, 1);
    setsockopt(fd, SOL_SOCKET, SO_SNDTIMEO, &time, sizeof time); /* bounds connect() too */
    if (connect(fd, (struct sockaddr *)&to, sizeof to) != 0) return fail("connect");
    ssize_t got = recv(fd, text, sizeof text - 1, MSG_WAITALL);
    if (got <= 0) return 1;
    text[got] = 0;
    puts(text);
    return 0;
}

static int flows(const char *address, int port, int count) {
    int fd = open_bound("0.0.0.0", 0);
    for (int i = 0; i < count; i++) {
        struct sockaddr_in to = name(address, port + i);
        if (sendto(fd, "x", 1, 0, (struct sockaddr *)&to, sizeof to) < 0) usleep(1000);
    }
    return 0;
}

static int stream(const char *address, int port, int count) {
    int fd = open_bound("0.0.0.0", 0);
    struct sockaddr_in to = name(address, port);
    for (int i = 0; i < count; i++)
        if (sendto(fd, "x", 1, 0, (struct sockaddr *)&to, sizeof to) < 0) usleep(1000);
    return 0;
}

static uint16_t checksum(const void *bytes, size_t length) {
    const uint16_t *words = bytes;
    uint32_t sum = 0;
    for (size_t i = 0; i < length / 2; i++) sum += words[i];
    sum = (sum >> 16) + (sum & 0xffff);
    return (uint16_t)~(sum + (sum >> 16));
}

static int complain(const char *address, int port, const char *victim, int victim_port) {
    struct sockaddr_in to = name(address, port), from = name(victim, victim_port);
    struct {
        struct icmphdr icmp;
        struct iphdr ip;
        struct udphdr udp;
    } packet = {
        .icmp = {.type = ICMP_DEST_UNREACH, .code = ICMP_PORT_UNREACH},
        .ip = {.version = 4, .ihl = 5, .tot_len = htons(29), .ttl = 64, .protocol = IPPROTO_UDP,
               .saddr = to.sin_addr.s_addr, .daddr = from.sin_addr.s_addr},
        .udp = {.source = to.sin_port, .dest = from.sin_port, .len = htons(9)},
    };
    packet.ip.check = checksum(&packet.ip, sizeof packet.ip);
    packet.icmp.checksum = checksum(&packet, sizeof packet);
    int fd = socket(AF_INET, SOCK_RAW, IPPROTO_ICMP);
    if (fd < 0 || sendto(fd, &packet, sizeof packet, 0, (struct sockaddr *)&to, sizeof to) < 0) return fail("complain");
    return 0;
}

int main(int count, char **words) {
    if (count == 3 && strcmp(words[1], "serve") == 0) return serve(atoi(words[2]));
    if (count == 4 && strcmp(words[1], "ask") == 0) return ask(words[2], atoi(words[3]), 0);
    if (count == 5 && strcmp(words[1], "ask") == 0) return ask(words[2], atoi(words[3]), atoi(words[4]));
    if (count == 4 && strcmp(words[1], "shop") == 0) return shop(atoi(words[2]), words[3]);
    if (count == 4 && strcmp(words[1], "buy") == 0) return buy(words[2], atoi(words[3]));
    if (count == 5 && strcmp(words[1], "flows") == 0) return flows(words[2], atoi(words[3]), atoi(words[4]));
    if (count == 5 && strcmp(words[1], "stream") == 0) return stream(words[2], atoi(words[3]), atoi(words[4]));
    if (count == 6 && strcmp(words[1], "complain") == 0)
        return complain(words[2], atoi(words[3]), words[4], atoi(words[5]));
    return 2;
}
