/** The messages against bytes that nft(8) and ip(8) were seen to send, and against files that a review can read. */
@NullMarked
package dev.landlord.runtime.netlink;

import org.jspecify.annotations.NullMarked;
