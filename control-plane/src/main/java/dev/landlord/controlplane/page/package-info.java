/** Parts of lists: what a caller asks for by {@code ?limit=&cursor=}, and where the part ends. */
@NullMarked
package dev.landlord.controlplane.page;

import org.jspecify.annotations.NullMarked;
