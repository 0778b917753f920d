/** What happened: the database, the transfers in it, and who is working on them. */
package dev.mediaferry.ledger;
