/** What are a picture's pixels? Decoded, scaled and encoded by native codecs, in native memory. */
package dev.mediaferry.raster;
