/** Tests of the protection of the agent, on files in place of its own procfs. */
@NullMarked
package dev.landlord.agent.protection;

import org.jspecify.annotations.NullMarked;
