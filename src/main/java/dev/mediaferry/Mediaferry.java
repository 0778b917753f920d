package dev.mediaferry;

import dev.mediaferry.command.MediaferryCommand;

/** The program. */
public final class Mediaferry {

    private Mediaferry() {}

    public static void main(String[] args) {
        System.exit(MediaferryCommand.execute(args));
    }
}
