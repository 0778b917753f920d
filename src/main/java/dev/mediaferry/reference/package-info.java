/** How columns that name media change their shape while users read and write: statements, steps, proofs, and what refuses. */
package dev.mediaferry.reference;
