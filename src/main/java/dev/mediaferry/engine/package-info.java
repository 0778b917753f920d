/** Puts everything together: services, registry, beans and routes make one running Camel context. */
package dev.mediaferry.engine;
