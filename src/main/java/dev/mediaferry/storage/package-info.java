/** The bucket: under which key an object goes, what its public address is, and how it gets there. */
package dev.mediaferry.storage;
