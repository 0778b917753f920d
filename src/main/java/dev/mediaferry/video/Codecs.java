package dev.mediaferry.video;

import java.util.List;
import java.util.Set;

/**
 * What of ffmpeg's many readers a film may reach. Formats are those of single files: none of them names another file, as a playlist does.
 * Decoders are those that cameras, phones and editors use.
 */
final class Codecs {

    private static final List<String> FORMATS =
            List.of("mov", "matroska", "avi", "mpegts", "mpeg", "flv", "ogg", "asf");

    /** Of pictures, as ffprobe names the codec and ffmpeg the decoder, which is not always the same. */
    private static final Set<String> PICTURES = Set.of(
            "h264",
            "hevc",
            "av1",
            "vp8",
            "vp9",
            "mpeg4",
            "msmpeg4v2",
            "msmpeg4v3",
            "mpeg1video",
            "mpeg2video",
            "h263",
            "mjpeg",
            "prores",
            "dnxhd",
            "theora",
            "wmv1",
            "wmv2",
            "wmv3",
            "vc1",
            "flv1",
            "ffv1",
            "rawvideo");

    private static final Set<String> SOUNDS = Set.of(
            "aac",
            "mp3",
            "mp2",
            "opus",
            "vorbis",
            "ac3",
            "eac3",
            "dts",
            "truehd",
            "flac",
            "alac",
            "amr_nb",
            "amr_wb",
            "wmav1",
            "wmav2",
            "pcm_s16le",
            "pcm_s16be",
            "pcm_s24le",
            "pcm_s24be",
            "pcm_s32le",
            "pcm_f32le",
            "pcm_u8",
            "pcm_alaw",
            "pcm_mulaw",
            "adpcm_ms",
            "adpcm_ima_wav",
            "adpcm_ima_qt");

    /** Names of decoders that are not those of their codecs. */
    private static final List<String> DECODERS = List.of(
            "libdav1d",
            "libaom-av1",
            "libvpx",
            "libvpx-vp9",
            "msmpeg4",
            "flv",
            "mp3float",
            "mp2float",
            "libopus",
            "libvorbis",
            "dca",
            "amrnb",
            "amrwb",
            "libopencore_amrnb",
            "libopencore_amrwb");

    /** That ffprobe opens because they are there, and that nothing is made of. */
    private static final List<String> TEXTS = List.of(
            "mov_text", "subrip", "srt", "ass", "ssa", "webvtt", "text", "dvdsub", "dvbsub", "pgssub", "cc_dec");

    private Codecs() {}

    static String formats() {
        return String.join(",", FORMATS);
    }

    static String decoders() {
        return String.join(",", PICTURES) + "," + String.join(",", SOUNDS) + "," + String.join(",", DECODERS);
    }

    static String decodersAndTexts() {
        return decoders() + "," + String.join(",", TEXTS);
    }

    static boolean isPicture(String codec) {
        return PICTURES.contains(codec);
    }

    static boolean isSound(String codec) {
        return SOUNDS.contains(codec);
    }
}
