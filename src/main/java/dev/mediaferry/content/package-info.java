/** Which bytes arrived, and whether they are what they claim to be. */
package dev.mediaferry.content;
