/** Questions to root file systems made to mislead. */
@NullMarked
package dev.landlord.agent.image.content;

import org.jspecify.annotations.NullMarked;
