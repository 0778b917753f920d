/** One run over the registry: what is planned, claimed, settled and reported. */
package dev.mediaferry.run;
