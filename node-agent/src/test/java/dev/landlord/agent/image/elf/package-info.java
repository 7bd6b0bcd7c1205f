/** The parser on crafted and damaged bytes, the search on fixtures, both against what ldd prints on this host. */
@NullMarked
package dev.landlord.agent.image.elf;

import org.jspecify.annotations.NullMarked;
