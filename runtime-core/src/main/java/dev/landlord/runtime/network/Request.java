package dev.landlord.runtime.network;

import dev.landlord.runtime.linux.LinuxFault;
import dev.landlord.runtime.linux.NetlinkSocket;
import dev.landlord.runtime.plan.NetlinkRequest;

/** Messages, and the part of the kernel that they are for. */
record Request(NetlinkSocket.Family family, NetlinkRequest request) {
    /** @throws LinuxFault for the first message that was refused */
    void send() {
        try (NetlinkSocket socket = NetlinkSocket.open(family)) {
            socket.request(request.batch(), request.answers());
        }
    }
}
