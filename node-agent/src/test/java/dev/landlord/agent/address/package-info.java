@NullMarked
package dev.landlord.agent.address;

import org.jspecify.annotations.NullMarked;
