/** How fast may a host be asked? Limits per host that learn from its answers and outlive the process. */
package dev.mediaferry.pace;
