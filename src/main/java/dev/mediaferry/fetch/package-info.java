/** How a medium is downloaded: over one guarded HTTP client, within a time and at a polite pace. */
package dev.mediaferry.fetch;
