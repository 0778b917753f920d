package dev.mediaferry.console;

import dev.mediaferry.content.MediaType;
import dev.mediaferry.failure.Redaction;
import dev.mediaferry.ledger.Database;
import dev.mediaferry.ledger.RecordMapper;
import dev.mediaferry.object.ObjectName;
import dev.mediaferry.storage.StoredPictures;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.springframework.jdbc.core.simple.JdbcClient;

/** What a run has moved: the old link as text, which is never loaded, and the picture that is stored. */
final class GalleryPages {

    private static final int PAGE = 24;

    /** Pages are counted off from the beginning, which takes longer and longer. */
    private static final long LAST_PAGE = 200;

    private static final int LARGEST_PICTURE = 10_000_000;

    private final JdbcClient database;
    private final RunList runs;
    private final StoredPictures pictures;

    /** A row of {@code console-moved-page.sql}. */
    public record Moved(
            long id,
            String entry,
            String rowKey,
            String source,
            String target,
            String contentType,
            Long bytes,
            String bucket,
            String objectKey) {

        /** @return what the column held, without its signature */
        public String before() {
            return Redaction.of(source);
        }

        public String after() {
            return Redaction.of(target);
        }

        public boolean drawn() {
            return MediaType.isDrawn(contentType) && bytes != null && bytes <= LARGEST_PICTURE;
        }
    }

    GalleryPages(Operations operations, RunList runs) {
        this.database = operations.database().client();
        this.runs = runs;
        this.pictures = operations.pictures();
    }

    Answer show(Asked asked) {
        Optional<RunList.Whole> run = asked.id().flatMap(runs::find);
        if (run.isEmpty()) {
            return new Answer.Missing("run");
        }
        long page = asked.query("page")
                .flatMap(Asked::number)
                .filter(number -> number <= LAST_PAGE)
                .orElse(0L);
        Optional<String> entry = asked.query("entry");
        List<Moved> moved = database.sql(Database.statement("console-moved-page"))
                .param("run", run.get().id())
                .param("entry", entry.orElse(null))
                .param("offset", page * PAGE)
                .param("most", PAGE + 1)
                .query(new RecordMapper<>(Moved.class))
                .list();
        Map<String, Object> model = new HashMap<>();
        model.put("run", run.get().id());
        model.put("entry", entry.orElse(""));
        model.put(
                "entries",
                new RunView(run.get())
                        .getFields().stream().map(RunView.Field::name).toList());
        model.put("moved", moved.subList(0, Math.min(PAGE, moved.size())));
        model.put("page", page);
        model.put("more", moved.size() > PAGE && page < LAST_PAGE);
        return new Answer.Page("gallery", model);
    }

    /** The stored picture of a transfer, as bytes that are drawn and never run. */
    Answer picture(Asked asked) {
        return asked.id()
                .flatMap(id -> database.sql(Database.statement("console-moved-one"))
                        .param("id", id)
                        .query(new RecordMapper<>(Moved.class))
                        .optional())
                .filter(Moved::drawn)
                .flatMap(moved -> pictures.read(new ObjectName(moved.bucket(), moved.objectKey()), LARGEST_PICTURE)
                        .<Answer>map(bytes -> new Answer.Picture(moved.contentType(), bytes)))
                .orElse(new Answer.Missing("picture"));
    }
}
