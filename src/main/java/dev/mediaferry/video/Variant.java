package dev.mediaferry.video;

import java.util.regex.Pattern;

/**
 * One rung as the master playlist tells players of it.
 *
 * @param playlist address of its own playlist, relative to the master's or whole
 * @param bandwidth bit/s of its largest segment
 * @param average bit/s over all
 * @param codecs as RFC 6381 writes them, comma-separated
 * @param frameRate with three digits after the point
 */
public record Variant(
        String playlist, long bandwidth, long average, int width, int height, String codecs, String frameRate) {

    private static final Pattern CODECS = Pattern.compile("[a-zA-Z0-9.]+(,[a-zA-Z0-9.]+)*");

    public Variant {
        if (bandwidth < 1 || average < 1 || width < 1 || height < 1 || !CODECS.matcher(codecs).matches()
                || !frameRate.matches("\\d{1,3}\\.\\d{3}") || !playlist.matches("[!-~]+")) {
            throw new IllegalArgumentException("no variant: " + playlist + ", " + bandwidth + ", " + average + ", "
                    + width + " x " + height + ", " + codecs + ", " + frameRate);
        }
    }

    /** The same, whose playlist is elsewhere. */
    public Variant at(String address) {
        return new Variant(address, bandwidth, average, width, height, codecs, frameRate);
    }
}
