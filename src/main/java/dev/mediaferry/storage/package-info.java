/** The bucket: where objects go, how they get there, and whose they are. */
package dev.mediaferry.storage;
