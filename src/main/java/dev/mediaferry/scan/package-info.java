/** Is a file infected? */
package dev.mediaferry.scan;
