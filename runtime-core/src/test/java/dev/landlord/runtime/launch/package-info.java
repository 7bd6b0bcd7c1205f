@NullMarked
package dev.landlord.runtime.launch;

import org.jspecify.annotations.NullMarked;
