/** How pictures are built: their segments, chunks and boxes, read and written without decoding what is not asked for. */
package dev.mediaferry.format;
