/** What is in this film, and how is it made smaller? Programs of the system, run as children under bounds. */
package dev.mediaferry.video;
