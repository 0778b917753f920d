/** What can be watched while the service runs: metrics, health, and where they are served. */
package dev.mediaferry.observe;
