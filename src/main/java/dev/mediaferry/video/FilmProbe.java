package dev.mediaferry.video;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/** Asks ffprobe what a film is, and refuses what nothing good can be made of. */
public final class FilmProbe {

    private static final JsonMapper JSON = JsonMapper.builder().build();

    private static final String ENTRIES = "format=duration,bit_rate:stream=index,codec_type,codec_name,width,height,"
            + "sample_aspect_ratio,field_order,color_transfer,r_frame_rate,avg_frame_rate,duration"
            + ":stream_disposition=default,attached_pic:stream_side_data=rotation,dv_bl_signal_compatibility_id";

    /** Transfer characteristics of HDR: PQ (SMPTE ST 2084) and HLG (ARIB STD-B67). */
    private static final Set<String> HDR = Set.of("smpte2084", "arib-std-b67");

    private static final Set<String> HALVES = Set.of("tt", "bb", "tb", "bt");

    /** Twice 8K: what is larger is made to be a burden. */
    private static final int LONGEST_SIDE = 16_384;

    private final Ffmpeg ffmpeg;

    public FilmProbe(Ffmpeg ffmpeg) {
        this.ffmpeg = ffmpeg;
    }

    /** @throws FilmException with a sentence for its owner, when it is not taken */
    public Film look(Scratch scratch) {
        StringBuilder json = new StringBuilder();
        Child.Ended ended = ffmpeg.probe(scratch, ENTRIES, json::append);
        if (ended.status() != 0) {
            throw Complaints.fault(ended, false);
        }
        try {
            return film(JSON.readTree(json.toString()));
        } catch (JsonProcessingException e) {
            throw new FilmException(FilmFault.FAILED, "ffprobe does not answer in JSON", e);
        }
    }

    private static Film film(JsonNode answer) {
        List<JsonNode> pictures = streams(answer, "video").stream()
                .filter(stream ->
                        stream.path("disposition").path("attached_pic").asInt() == 0)
                .toList();
        JsonNode picture = first(pictures)
                .orElseThrow(() -> new FilmException(FilmFault.NO_VIDEO, "the file has no moving picture"));
        String codec = picture.path("codec_name").asText("an unknown codec");
        if (!Codecs.isPicture(codec)) {
            throw notTaken("the film is coded with " + codec + ", which is not taken");
        }
        refuseHdr(picture);
        int rotation = rotation(picture);
        boolean turned = rotation % 180 == 90;
        int width = squareWidth(picture);
        int height = side(picture, "height");
        return new Film(
                duration(answer, picture),
                picture.path("index").asInt(),
                codec,
                turned ? height : width,
                turned ? width : height,
                rotation,
                FrameRate.of(
                                picture.path("r_frame_rate").asText(),
                                picture.path("avg_frame_rate").asText())
                        .orElseThrow(() -> damaged("the film has no frame rate")),
                HALVES.contains(picture.path("field_order").asText()),
                sound(answer),
                answer.path("format").path("bit_rate").asLong());
    }

    private static Optional<Film.Sound> sound(JsonNode answer) {
        List<JsonNode> sounds = streams(answer, "audio");
        List<JsonNode> known = sounds.stream()
                .filter(stream -> Codecs.isSound(stream.path("codec_name").asText()))
                .toList();
        if (known.isEmpty() && !sounds.isEmpty()) {
            throw notTaken("the film's sound is coded with "
                    + sounds.get(0).path("codec_name").asText("an unknown codec") + ", which is not taken");
        }
        return first(known)
                .map(stream -> new Film.Sound(
                        stream.path("index").asInt(), stream.path("codec_name").asText()));
    }

    private static void refuseHdr(JsonNode picture) {
        // Of Dolby Vision alone 0 says that nothing else can be seen in it.
        boolean dolby = sideData(picture, "dv_bl_signal_compatibility_id")
                .filter(value -> value.asInt(1) == 0)
                .isPresent();
        if (dolby || HDR.contains(picture.path("color_transfer").asText())) {
            throw new FilmException(
                    FilmFault.HDR,
                    "the film has a high dynamic range (HDR), which is not converted: export it in SDR, or record it with HDR off");
        }
    }

    private static Duration duration(JsonNode answer, JsonNode picture) {
        double seconds = picture.path("duration")
                .asDouble(answer.path("format").path("duration").asDouble(0));
        if (!(seconds > 0) || seconds > Duration.ofDays(30).toSeconds()) {
            throw damaged("the film does not say how long it is");
        }
        return Duration.ofMillis(Math.max(1, Math.round(seconds * 1000)));
    }

    private static int rotation(JsonNode picture) {
        int turn = sideData(picture, "rotation").map(JsonNode::asInt).orElse(0);
        return Math.floorMod(Math.round(turn / 90f) * 90, 360);
    }

    private static Optional<JsonNode> sideData(JsonNode picture, String name) {
        for (JsonNode data : picture.path("side_data_list")) {
            if (data.has(name)) {
                return Optional.of(data.get(name));
            }
        }
        return Optional.empty();
    }

    /** Old cameras have pixels that are not square. */
    private static int squareWidth(JsonNode picture) {
        String[] ratio = picture.path("sample_aspect_ratio").asText("1:1").split(":");
        int width = side(picture, "width");
        boolean plain = ratio.length != 2 || !ratio[0].matches("[1-9]\\d{0,5}") || !ratio[1].matches("[1-9]\\d{0,5}");
        long square = plain ? width : Math.round(width * Double.parseDouble(ratio[0]) / Integer.parseInt(ratio[1]));
        if (square < 1 || square > LONGEST_SIDE) {
            throw notTaken(String.format(Locale.ROOT, "a picture of %d pixels across is not taken", square));
        }
        return (int) square;
    }

    private static int side(JsonNode picture, String name) {
        int side = picture.path(name).asInt();
        if (side < 1) {
            throw damaged("the film does not say how large its picture is");
        }
        if (side > LONGEST_SIDE) {
            throw notTaken("a film of " + side + " pixels " + name + " is not taken, at most " + LONGEST_SIDE + " are");
        }
        return side;
    }

    private static List<JsonNode> streams(JsonNode answer, String type) {
        List<JsonNode> found = new ArrayList<>();
        for (JsonNode stream : answer.path("streams")) {
            if (stream.path("codec_type").asText().equals(type)) {
                found.add(stream);
            }
        }
        return found;
    }

    /** The one that players take. */
    private static Optional<JsonNode> first(List<JsonNode> streams) {
        return streams.stream()
                .filter(stream -> stream.path("disposition").path("default").asInt() == 1)
                .findFirst()
                .or(() -> streams.stream().findFirst());
    }

    private static FilmException damaged(String message) {
        return new FilmException(FilmFault.DAMAGED, message);
    }

    private static FilmException notTaken(String message) {
        return new FilmException(FilmFault.NOT_TAKEN, message);
    }
}
