/**
 * The tests of the chart: it lints, renders to what the golden files hold, to objects that Kubernetes knows, with settings and
 * commands that the programs have. Some start the programs with the rendered options, as a kubelet would. They decide nothing
 * about the chart, need no cluster, and write only to temporary folders, except to renew golden files when asked. Only the
 * {@code *RootIT} needs root: an agent does.
 */
@NullMarked
package dev.landlord.helm;

import org.jspecify.annotations.NullMarked;
