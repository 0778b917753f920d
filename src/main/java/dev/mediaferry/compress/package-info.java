/** How is a picture made smaller without looking different? */
package dev.mediaferry.compress;
