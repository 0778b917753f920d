/** The command line. */
package dev.mediaferry.command;
