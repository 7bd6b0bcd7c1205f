@NullMarked
package dev.landlord.agent.identity;

import org.jspecify.annotations.NullMarked;
