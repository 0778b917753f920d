/** What a column's text says: where the link leads, whose host that is, and until when it works. */
package dev.mediaferry.link;
