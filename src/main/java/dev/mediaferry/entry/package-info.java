/** What is moved, as the database has it: columns, categories and caches, and the statements that each kind has. */
package dev.mediaferry.entry;
