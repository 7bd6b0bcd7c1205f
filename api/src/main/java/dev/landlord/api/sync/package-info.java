/** What the control plane and an agent say to each other: desired state down, observed state up. */
@NullMarked
package dev.landlord.api.sync;

import org.jspecify.annotations.NullMarked;
