/** A real PostgreSQL and a real S3 server inside the home directory, for users who have set neither. */
package dev.mediaferry.embedded;
