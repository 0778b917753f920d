package dev.mediaferry.routes;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mediaferry.engine.Engine;
import dev.mediaferry.fixture.Pictures;
import dev.mediaferry.fixture.Sandbox;
import dev.mediaferry.imports.ImportOptions;
import dev.mediaferry.imports.ImportReport;
import dev.mediaferry.imports.ImportSummary;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** Pictures that cannot be made smaller faithfully are stored as they are; plan and report say which and why. */
class ImportKeptTest {

    private static final String REGISTRY =
            """
            imports:
              - name: album
                categories:
                  - name: pictures
                    path: "{name}"
                    folder: album
                    key: "{name}.{ext}"
                    compression: true
                    record: { table: picture, columns: { key: "{key}" } }
            """;

    @RegisterExtension
    static final Sandbox SANDBOX = new Sandbox();

    private static Engine engine;

    @TempDir
    private Path folder;

    @BeforeEach
    void start() {
        if (engine == null) {
            SANDBOX.execute("create table picture (id int generated always as identity primary key, key text)");
            engine = SANDBOX.keep(SANDBOX.engine(REGISTRY));
        }
    }

    @Test
    void namesGifsAndTiffsOfSixteenBitsInPlanAndReport() throws Exception {
        byte[] gif = Pictures.gif(1);
        byte[] tiff = tiffOfSixteenBits();
        Files.write(folder.resolve("moves"), gif);
        Files.write(folder.resolve("scan"), tiff);
        Files.write(folder.resolve("photo"), Pictures.fine(2));

        ImportReport plan = run(true);
        assertThat(plan.categories().get(0).kept()).containsOnly(Map.entry("type-gif", 1L), Map.entry("form", 1L));
        assertThat(ImportSummary.skipped(plan))
                .contains(
                        "Stored as it is pictures: 1, type-gif: GIFs keep their animation and their colours",
                        "Stored as it is pictures: 1, form: 16 bits, CMYK or another form that cannot be written again"
                                + " faithfully");

        ImportReport report = run(false);
        assertThat(report.migrated()).isEqualTo(3);
        assertThat(report.compressed()).isEqualTo(1);
        assertThat(report.categories().get(0).kept())
                .isEqualTo(plan.categories().get(0).kept());
        assertThat(SANDBOX.object("album/moves.gif")).isEqualTo(gif);
        assertThat(SANDBOX.object("album/scan.tiff")).isEqualTo(tiff);
    }

    private ImportReport run(boolean dryRun) {
        return engine.importFolder(new ImportOptions(
                folder, Optional.empty(), Optional.empty(), dryRun, OptionalLong.empty(), Optional.empty()));
    }

    private static byte[] tiffOfSixteenBits() throws Exception {
        BufferedImage image = new BufferedImage(64, 64, BufferedImage.TYPE_USHORT_GRAY);
        for (int i = 0; i < 64 * 64; i++) {
            image.getRaster().setSample(i % 64, i / 64, 0, i * 16);
        }
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        assertThat(ImageIO.write(image, "tiff", bytes)).isTrue();
        return bytes.toByteArray();
    }
}
