/**
 * A program that is run in an allocation while somebody sits in front of it: how it is asked for, and what the two ends say to
 * each other while it runs. The control plane between them passes the frames on as they are.
 */
@NullMarked
package dev.landlord.api.exec;

import org.jspecify.annotations.NullMarked;
