package dev.mediaferry.address;

import java.net.UnknownHostException;

/** The link leads to an address that must not be reached from here. Nothing was sent. */
public final class AddressRefusedException extends UnknownHostException {

    AddressRefusedException(String message) {
        super(message);
    }
}
