/** What is to be moved: the registry file, read and validated, each message with its line. */
package dev.mediaferry.registry;
