/** Tests of tables and amounts. */
@NullMarked
package dev.landlord.cli.render;

import org.jspecify.annotations.NullMarked;
