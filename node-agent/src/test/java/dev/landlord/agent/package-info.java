/** Tests of the whole agent: its configuration, its listener, and the program itself on a real kernel. */
@NullMarked
package dev.landlord.agent;

import org.jspecify.annotations.NullMarked;
