/** What went wrong, as a kind: is it worth another try, when, and what does the operator read. */
package dev.mediaferry.failure;
