package dev.mediaferry.video;

import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Frames a second, as a fraction: 30000/1001 has no other exact form. */
public record FrameRate(int frames, int seconds) {

    /** More than this is made to this: nobody's screen shows the rest of what a phone takes for slow motion. */
    static final FrameRate MOST = new FrameRate(60, 1);

    private static final Pattern FRACTION = Pattern.compile("(\\d{1,9})/(\\d{1,9})");

    public FrameRate {
        if (frames < 1 || seconds < 1) {
            throw new IllegalArgumentException("no frame rate: " + frames + "/" + seconds);
        }
    }

    /**
     * @param nominal the rate whose multiples all of the film's times are
     * @param average frames of the film by its duration; lower where the rate varies
     * @return the rate of what is made of it
     */
    static Optional<FrameRate> of(String nominal, String average) {
        return parse(nominal)
                .filter(rate -> rate.perSecond() <= MOST.perSecond())
                // A recorder of screens counts in thousandths of a second, or less.
                .or(() -> parse(average).map(rate -> rate.perSecond() > MOST.perSecond() / 2 ? MOST : rate.rounded()));
    }

    /** @return empty for what is none, like 0/0 */
    static Optional<FrameRate> parse(String fraction) {
        Matcher matcher = FRACTION.matcher(fraction);
        return matcher.matches()
                        && !matcher.group(1).matches("0+")
                        && !matcher.group(2).matches("0+")
                ? Optional.of(new FrameRate(Integer.parseInt(matcher.group(1)), Integer.parseInt(matcher.group(2))))
                : Optional.empty();
    }

    public double perSecond() {
        return (double) frames / seconds;
    }

    private FrameRate rounded() {
        return new FrameRate((int) Math.ceil(perSecond()), 1);
    }

    /** Most frames that these seconds have. */
    int in(int length) {
        return (int) Math.ceil(length * perSecond());
    }

    /** As a master playlist has it: three digits after the point. */
    String decimal() {
        return String.format(Locale.ROOT, "%.3f", perSecond());
    }

    @Override
    public String toString() {
        return frames + "/" + seconds;
    }
}
