/** How does an operator see and steer it from a browser? Who comes in, pages, and what they let be done. */
package dev.mediaferry.console;
