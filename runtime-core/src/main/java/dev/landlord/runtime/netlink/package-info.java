/**
 * Messages of the kernel's network configuration as bytes: links, addresses, routes and neighbours (rtnetlink), elements of
 * nftables' sets (nfnetlink), forgotten connections (ctnetlink). Pure: builds what is sent and reads what came back; sends
 * nothing.
 */
@NullMarked
package dev.landlord.runtime.netlink;

import org.jspecify.annotations.NullMarked;
