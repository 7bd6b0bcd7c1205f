@NullMarked
package dev.landlord.e2e.network;

import org.jspecify.annotations.NullMarked;
