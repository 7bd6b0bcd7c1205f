package dev.landlord.e2e.demo;

import java.util.Map;
import java.util.function.Function;
import java.util.function.Predicate;

/**
 * One of Eve's ways to get at her neighbours.
 *
 * @param order what she runs
 * @param bound what must hold her, in words
 * @param look reads from the host and from her log what it came to, at the end of the attack
 */
record Attack(String name, Order order, String bound, Function<AttackScene, String> look, Predicate<String> contained) {

    static Attack cpu() {
        String script = "i=0; while [ $i -lt 16 ]; do yes > /dev/null & i=$((i+1)); done; wait";
        return new Attack(
                "cpu",
                shell(400, 32, 64, script),
                "her 16 busy loops together get no more than she rents for them, 40 % of a core",
                AttackScene::cpuPercentOfCore,
                observed -> {
                    double percent = Double.parseDouble(observed.replaceAll("([\\d.]+) %.*", "$1"));
                    return percent > 10 && percent <= 44;
                });
    }

    static Attack memory() {
        return new Attack(
                "memory",
                shell(400, 64, 64, "yes | tr \\\\n x | head -c 1048576000 | grep n")
                        .with(
                                "restart",
                                Map.of("mode", "always", "initialBackoffMillis", 500, "maxBackoffMillis", 1000)),
                "out of memory at 64 MB, again and again, alone",
                AttackScene::outOfMemory,
                observed -> observed.matches("out of memory true, restarts [1-9]\\d*, restarts of the others 0"));
    }

    static Attack forkBomb() {
        return new Attack(
                "fork bomb",
                shell(400, 64, 64, "bomb() { bomb | bomb & }; bomb; sleep 86400"),
                "never more than her 64 processes and our init, and the kernel refused more",
                AttackScene::processes,
                observed -> observed.matches("at most (6[0-5]|[1-5]?\\d) processes, [1-9]\\d* forks refused"));
    }

    static Attack disk() {
        String script = "while true; do dd if=/dev/zero of=/root/fill bs=64k 2>&1; echo size $(stat -c %s /root/fill);"
                + " i=0; while [ $i -lt 300 ]; do mkdir -p /root/d/$i || break; i=$((i+1)); done;"
                + " echo inodes $i; sleep 0.2; rm -rf /root/fill /root/d; done";
        return new Attack(
                "disk",
                shell(400, 64, 64, script),
                "no space left after 4 MB, no inode left before 256 files",
                AttackScene::disk,
                observed -> observed.matches(
                        "no space left true, at most (3\\d{6}|41\\d{5}) bytes, at most 2[0-4]\\d directories"));
    }

    static Attack packetFlood(String address) {
        return new Attack(
                "packet flood",
                Order.of(400, 16, 16, "/bin/shop", "flood", address, "9"),
                "of the many datagrams that she sends to Bob's own address none arrives",
                AttackScene::datagrams,
                observed -> observed.matches("[1-9]\\d{4,} sent, 0 arrived"));
    }

    private static Order shell(long cpuMillis, long memoryMib, int pids, String script) {
        return Order.of(cpuMillis, memoryMib, pids, "/bin/sh", "-c", script);
    }

    String workload() {
        return "attack-" + name.replace(' ', '-');
    }
}
