package dev.mediaferry.video;

/**
 * One rung as the master playlist tells players of it (RFC 8216, section 4.3.4.2).
 *
 * @param bandwidth bit/s of its largest segment
 * @param average bit/s over all
 * @param codecs as RFC 6381 writes them, comma-separated
 * @param frameRate with three digits after the point
 */
public record Variant(long bandwidth, long average, int width, int height, String codecs, String frameRate) {

    public Variant {
        if (bandwidth < 1
                || average < 1
                || width < 1
                || height < 1
                || !codecs.matches("[a-zA-Z0-9.]+(,[a-zA-Z0-9.]+)*")
                || !frameRate.matches("\\d{1,3}\\.\\d{3}")) {
            throw new IllegalArgumentException("no variant: " + bandwidth + ", " + average + ", " + width + " x "
                    + height + ", " + codecs + ", " + frameRate);
        }
    }

    /** Its attributes, as they stand in a master playlist. */
    public String attributes() {
        return "BANDWIDTH=" + bandwidth + ",AVERAGE-BANDWIDTH=" + average + ",RESOLUTION=" + width + "x" + height
                + ",CODECS=\"" + codecs + "\",FRAME-RATE=" + frameRate;
    }
}
