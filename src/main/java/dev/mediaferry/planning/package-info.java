/** Which rows and files does a run take, and what would it do with them? */
package dev.mediaferry.planning;
