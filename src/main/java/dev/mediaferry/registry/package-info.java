/** What is to be moved: the registry file, and its entries checked against the database. */
package dev.mediaferry.registry;
