/** What would a run do, written down; and is it still so? */
package dev.mediaferry.plan;
