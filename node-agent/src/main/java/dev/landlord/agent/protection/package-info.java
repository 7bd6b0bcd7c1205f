/**
 * Keeps the agent alive when its host is short of something, so that there is somebody to help the tenants. Changes
 * nothing but this process, and names what it may not change; never an error, for a host without a privilege is a host
 * all the same.
 */
@NullMarked
package dev.landlord.agent.protection;

import org.jspecify.annotations.NullMarked;
