/** Plans of tools, and the parts of recipes that need no privilege. */
@NullMarked
package dev.landlord.agent.image.recipe;

import org.jspecify.annotations.NullMarked;
