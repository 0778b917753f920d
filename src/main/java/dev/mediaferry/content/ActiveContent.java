package dev.mediaferry.content;

import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Types whose files may run scripts where a browser opens them. They are served as attachments only. */
public final class ActiveContent {

    private static final Map<String, String> EXTENSIONS = Map.of(
            "image/svg+xml", "svg",
            "text/html", "html",
            "application/xhtml+xml", "xhtml",
            "text/xml", "xml",
            "application/xml", "xml",
            "text/javascript", "js",
            "application/javascript", "js");

    private ActiveContent() {}

    /** @param name as in Content-Type, without parameters, in any case */
    public static boolean is(String name) {
        return EXTENSIONS.containsKey(name.toLowerCase(Locale.ROOT));
    }

    /** @return empty for what is not active */
    public static Optional<String> extensionOf(String name) {
        return Optional.ofNullable(EXTENSIONS.get(name.toLowerCase(Locale.ROOT)));
    }

    public static Set<String> names() {
        return EXTENSIONS.keySet();
    }
}
