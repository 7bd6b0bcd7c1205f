/** Eve inside a real sandbox: a C program that tries what has led out of containers before. */
@NullMarked
package dev.landlord.e2e.escape;

import org.jspecify.annotations.NullMarked;
