/** Where a download may go: addresses that data must not make us reach. */
package dev.mediaferry.address;
