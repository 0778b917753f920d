/** Which objects may be deleted? The same answer for sweeps, rollbacks and orphans. */
package dev.mediaferry.removal;
