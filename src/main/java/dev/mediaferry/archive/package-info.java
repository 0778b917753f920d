/** Which files of a local cache belong to which rows, and may they go? Found, counted, deleted once they are safe. */
package dev.mediaferry.archive;
