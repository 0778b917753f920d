/** Where every setting is read: from the command line, the environment, a file, or the default. */
package dev.mediaferry.settings;
