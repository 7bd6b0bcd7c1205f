@NullMarked
package dev.landlord.runtime.linux;

import org.jspecify.annotations.NullMarked;
