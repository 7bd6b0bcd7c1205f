/**
 * Decides who holds a token or shows a good certificate. Owns the admissions of nodes, and the digests of all tokens; a token itself is shown once and kept nowhere but in the 0600
 * files of the first start. It must never log a token or say more of a wrong one than that it is wrong.
 */
@NullMarked
package dev.landlord.controlplane.credential;

import org.jspecify.annotations.NullMarked;
