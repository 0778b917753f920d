/** How is the backup of another system taken in: what lies there, whose is it, and what becomes of it? */
package dev.mediaferry.imports;
