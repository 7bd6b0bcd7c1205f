@NullMarked
package dev.landlord.agent.health;

import org.jspecify.annotations.NullMarked;
