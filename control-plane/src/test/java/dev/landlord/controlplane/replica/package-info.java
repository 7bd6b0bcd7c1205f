@NullMarked
package dev.landlord.controlplane.replica;

import org.jspecify.annotations.NullMarked;
