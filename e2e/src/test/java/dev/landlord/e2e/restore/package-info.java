/** That a store of yesterday takes nothing away from who runs today. */
@NullMarked
package dev.landlord.e2e.restore;

import org.jspecify.annotations.NullMarked;
