/** Processes that are killed at chosen steps, and what becomes of the rows. */
package dev.mediaferry.crash;
