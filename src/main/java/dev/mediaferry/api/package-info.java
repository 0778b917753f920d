/** Who asks over HTTP, and what is a refusal? The door of the API: tokens, origins, sizes, problem documents. */
package dev.mediaferry.api;
