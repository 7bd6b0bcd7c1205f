/**
 * Shows results: tables for people, the server's own JSON, or the same as YAML. Pure apart from the stream that it prints to.
 * Never shows control characters in a table.
 */
@NullMarked
package dev.landlord.cli.render;

import org.jspecify.annotations.NullMarked;
