/** What was given up, and what shall become of it: listed, tried again, or discarded by an operator. */
package dev.mediaferry.deadletter;
