/** What a tenant asks for and what became of it. Records validate in their constructors; an invalid one cannot exist. */
@NullMarked
package dev.landlord.api.workload;

import org.jspecify.annotations.NullMarked;
