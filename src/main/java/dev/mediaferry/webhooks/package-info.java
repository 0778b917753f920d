/** Who hears of what happens to media? Webhooks and purges of a CDN, from the ledger's outbox. */
package dev.mediaferry.webhooks;
