/** Archives made to escape, to lie and to burst. */
@NullMarked
package dev.landlord.agent.image.archive;

import org.jspecify.annotations.NullMarked;
