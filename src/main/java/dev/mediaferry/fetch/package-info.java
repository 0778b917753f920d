/** How a medium is downloaded: over one guarded HTTP client and within a time. */
package dev.mediaferry.fetch;
