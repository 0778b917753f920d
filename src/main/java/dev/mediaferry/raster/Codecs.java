package dev.mediaferry.raster;

import java.nio.file.Path;

/** Where the native codecs are unpacked, once, and how they are bound. */
public final class Codecs {

    private Codecs() {}

    /**
     * Settings of the library that unpacks and binds the codecs, which it reads when they are first needed. Memory is freed
     * where it was taken here, so it needs neither a thread for that, nor limits derived from the size of the heap.
     *
     * @param home directory of everything that this program keeps on disk
     */
    public static void prepare(Path home) {
        System.setProperty(
                "org.bytedeco.javacpp.cachedir", home.resolve("codecs").toString());
        System.setProperty("org.bytedeco.javacpp.nopointergc", "true");
        System.setProperty("org.bytedeco.javacpp.maxbytes", "0");
        System.setProperty("org.bytedeco.javacpp.maxphysicalbytes", "0");
    }
}
