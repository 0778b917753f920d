package dev.mediaferry.imports;

/** What the Finder of macOS leaves in folders and archives beside what somebody put there. */
final class FinderFiles {

    static final String REASON = "ignored: left by the Finder of macOS";

    private FinderFiles() {}

    /**
     * Names alone do not make a medium litter: a picture may be called {@code ._picture}.
     *
     * @param path with slashes
     */
    static boolean is(String path) {
        String name = path.substring(path.lastIndexOf('/') + 1);
        return path.startsWith("__MACOSX/")
                || path.contains("/__MACOSX/")
                || name.equals("__MACOSX")
                || name.equals(".DS_Store")
                || name.startsWith("._");
    }
}
