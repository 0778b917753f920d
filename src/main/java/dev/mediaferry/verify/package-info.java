/** Do database, ledger and bucket agree? Compared as streams, so that memory does not depend on how much there is. */
package dev.mediaferry.verify;
