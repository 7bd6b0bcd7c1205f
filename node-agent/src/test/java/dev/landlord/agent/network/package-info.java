@NullMarked
package dev.landlord.agent.network;

import org.jspecify.annotations.NullMarked;
