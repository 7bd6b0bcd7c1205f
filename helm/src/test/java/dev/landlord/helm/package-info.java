/**
 * The tests of the chart: it lints, renders to what the golden files hold, to objects that Kubernetes knows, with settings and
 * commands that the programs have. They decide nothing about the chart and run no cluster; one of them starts the control
 * plane as the chart would. Never needs root, never writes outside temporary folders, except to renew golden files when asked.
 */
@NullMarked
package dev.landlord.helm;

import org.jspecify.annotations.NullMarked;
