/** The main job on sample data: a small CDN that misbehaves as real ones do, and tables whose rows are in every state. */
package dev.mediaferry.demo;
