/** What is made of media: jobs in the ledger, thumbnails, posters, renditions, and what is known of them. */
package dev.mediaferry.derivatives;
