/** Is there a fresh link? What the user's own application is asked when a link no longer works. */
package dev.mediaferry.resolve;
