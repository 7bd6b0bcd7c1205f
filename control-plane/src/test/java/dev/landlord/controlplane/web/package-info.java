/** Proves what each caller may reach, and that every bad request gets one clear answer. */
@NullMarked
package dev.landlord.controlplane.web;

import org.jspecify.annotations.NullMarked;
