/** What an object in a bucket is called. */
package dev.mediaferry.object;
