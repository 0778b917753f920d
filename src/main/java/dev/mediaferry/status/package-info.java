/** What stands, waits and is stuck, counted for people and for gauges. */
package dev.mediaferry.status;
