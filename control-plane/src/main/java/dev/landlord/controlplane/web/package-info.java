/**
 * The edge: who may reach which path, strict reading of bodies, request ids, and the one mapping from failures to problem
 * documents. Owns no resource of the API; rooms bring their own controllers and throw {@link
 * dev.landlord.controlplane.web.ProblemException}.
 */
@NullMarked
package dev.landlord.controlplane.web;

import org.jspecify.annotations.NullMarked;
