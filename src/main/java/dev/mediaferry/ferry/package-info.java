/** One medium's way: its turn at its host, its object, its row, and what is written down of it. */
package dev.mediaferry.ferry;
