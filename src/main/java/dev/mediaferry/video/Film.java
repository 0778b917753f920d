package dev.mediaferry.video;

import java.time.Duration;
import java.util.Optional;

/**
 * What a film is, as far as something has to be known to make another of it.
 *
 * @param duration of the picture
 * @param picture index of its stream
 * @param codec of the picture, as ffprobe calls it
 * @param width with height as it is seen: upright, and with square pixels
 * @param rotation in degrees that a player turns it by, from 0 to 359
 * @param frameRate frames a second that are made of it, at most 60
 * @param interlaced true when its frames are two halves
 * @param sound empty for a silent film
 * @param bitrate of the whole file, in bit/s
 */
public record Film(
        Duration duration,
        int picture,
        String codec,
        int width,
        int height,
        int rotation,
        FrameRate frameRate,
        boolean interlaced,
        Optional<Sound> sound,
        long bitrate) {

    /** @param stream its index */
    public record Sound(int stream, String codec) {}

    public Film {
        if (duration.isNegative() || duration.isZero() || width < 1 || height < 1 || rotation < 0 || rotation > 359) {
            throw new IllegalArgumentException(
                    "no film: " + duration + ", " + width + " x " + height + ", " + rotation);
        }
    }
}
