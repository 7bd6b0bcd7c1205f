/** The catalogue on a real disk: bad lines beside good ones, restarts, collection; ownership where there is root. */
@NullMarked
package dev.landlord.agent.image;

import org.jspecify.annotations.NullMarked;
