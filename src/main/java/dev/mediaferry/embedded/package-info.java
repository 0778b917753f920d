/** A real PostgreSQL and a real S3 server inside the home directory, for whoever has set neither. */
package dev.mediaferry.embedded;
