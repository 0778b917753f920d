package dev.mediaferry.uploads;

import dev.mediaferry.api.ApiAnswer;
import dev.mediaferry.api.ApiRequest;
import dev.mediaferry.api.ProblemException;
import dev.mediaferry.api.ProblemType;
import dev.mediaferry.derivatives.FilmLedger;
import dev.mediaferry.derivatives.FilmLedger.Playlist;
import dev.mediaferry.storage.Buckets;
import dev.mediaferry.storage.DerivedObjects;
import dev.mediaferry.storage.SignedRequests;
import dev.mediaferry.storage.StorageSettings;
import dev.mediaferry.video.MasterPlaylist;
import dev.mediaferry.video.MediaPlaylist;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Playlists of films, for players. That of a public film leads to the bucket. Those of a private one lead back here, and to each segment
 * by a signature of its own. It is never a redirect: a browser that follows one from one origin to another says of neither who asks.
 */
public final class MediaPlaylists {

    /** Of one playlist: thirty hours of film. */
    private static final long LARGEST = 4_000_000;

    /** A player loads the list once, and may pause. */
    private static final Duration PAUSE = Duration.ofMinutes(30);

    private final MediaLedger ledger;
    private final FilmLedger films;
    private final DerivedObjects objects;
    private final Buckets buckets;
    private final SignedRequests signed;

    public MediaPlaylists(
            MediaLedger ledger, FilmLedger films, DerivedObjects objects, Buckets buckets, SignedRequests signed) {
        this.ledger = ledger;
        this.films = films;
        this.objects = objects;
        this.buckets = buckets;
        this.signed = signed;
    }

    /** @return the list of a film's sizes */
    public ApiAnswer master(ApiRequest request) {
        Medium medium = ledger.find(request.id()).orElseThrow(MediaPlaylists::missing);
        List<Playlist> rungs = films.rungs(medium.bucket(), medium.storageKey());
        requireMay(request, medium, rungs.stream().anyMatch(rung -> rung.cdnUrl() != null));
        if (rungs.isEmpty()) {
            throw new ProblemException(ProblemType.NOT_FOUND, "nothing that plays was made of this medium, or not yet");
        }
        ledger.fetched(List.of(medium.id()));
        return playlist(MasterPlaylist.of(rungs.stream()
                .map(rung -> new MasterPlaylist.Entry(
                        rung.stream(), Optional.ofNullable(rung.cdnUrl()).orElse("playlist/" + rung.size())))
                .toList()));
    }

    /** @return the segments of a private film in one size, each signed for as long as the film lasts */
    public ApiAnswer rung(ApiRequest request) {
        Medium medium = ledger.find(request.id()).orElseThrow(MediaPlaylists::missing);
        requireMay(request, medium, false);
        Playlist rung = films.rungs(medium.bucket(), medium.storageKey()).stream()
                .filter(one ->
                        Integer.toString(one.size()).equals(request.path().get("size")))
                .findFirst()
                .orElseThrow(() -> new ProblemException(ProblemType.NOT_FOUND, "the film is not there in this size"));
        StorageSettings bucket = buckets.at(medium.bucket());
        String key = rung.storageKey();
        String text = objects.read(
                bucket, key, LARGEST, (in, length) -> new String(in.readAllBytes(), StandardCharsets.UTF_8));
        String folder = key.substring(0, key.lastIndexOf('/') + 1);
        Duration life = signed.expiry()
                .plus(PAUSE)
                .plusSeconds(medium.duration() == null ? 0 : 2 * Math.round(medium.duration()));
        return playlist(MediaPlaylist.parse(text.lines().toList())
                .leadingTo(name -> signed.get(bucket, folder + name, life).url().toString()));
    }

    private static void requireMay(ApiRequest request, Medium medium, boolean isOpen) {
        if (!isOpen && !request.caller().admin() && !request.caller().user().equals(medium.userId())) {
            throw missing();
        }
    }

    private static ApiAnswer playlist(String text) {
        return new ApiAnswer(
                200, text, Map.of("Content-Type", MasterPlaylist.CONTENT_TYPE, "Cache-Control", "private, no-store"));
    }

    private static ProblemException missing() {
        return new ProblemException(ProblemType.NOT_FOUND, "there is no such medium");
    }
}
