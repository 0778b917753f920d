/** How is it undone? The old values of what was moved come back, and objects that nobody needs any more go. */
package dev.mediaferry.rollback;
