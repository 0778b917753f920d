/** What does an operator want of running processes, and who has asked for what? Standing orders and the audit log. */
package dev.mediaferry.steer;
