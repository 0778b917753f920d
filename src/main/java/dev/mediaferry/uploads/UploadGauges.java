package dev.mediaferry.uploads;

import dev.mediaferry.ledger.Database;
import dev.mediaferry.ledger.RecordMapper;
import dev.mediaferry.registry.UploadType;
import java.util.List;
import org.springframework.jdbc.core.simple.JdbcClient;

/** How media stand, for metrics. The ledger is read as often as somebody asks, so ask it now and then. */
public final class UploadGauges {

    private final JdbcClient database;
    private final String[] types;

    /** @param types that are shown although there is nothing of them */
    public UploadGauges(Database database, List<UploadType> types) {
        this.database = database.client();
        this.types = types.stream().map(UploadType::name).toArray(String[]::new);
    }

    /**
     * The media of one type.
     *
     * @param bytes in the bucket
     * @param open uploads that are not complete
     */
    public record TypeGauge(String mediaType, long bytes, long open) {}

    /**
     * Events that a target has not heard of.
     *
     * @param state open or dead
     * @param oldestSeconds since the first of them came
     */
    public record DeliveryGauge(String target, String state, long deliveries, long oldestSeconds) {}

    public record Reading(List<TypeGauge> types, List<DeliveryGauge> deliveries) {}

    public Reading read() {
        return new Reading(
                database.sql(Database.statement("media-gauges"))
                        .param("types", types)
                        .query(new RecordMapper<>(TypeGauge.class))
                        .list(),
                database.sql(Database.statement("delivery-gauges"))
                        .query(new RecordMapper<>(DeliveryGauge.class))
                        .list());
    }
}
