package dev.mediaferry.compress;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mediaferry.content.Content;
import dev.mediaferry.content.MediaKind;
import dev.mediaferry.content.Reception;
import dev.mediaferry.fixture.Photographs;
import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.EnumSet;
import javax.imageio.IIOImage;
import javax.imageio.ImageIO;
import javax.imageio.ImageTypeSpecifier;
import javax.imageio.ImageWriteParam;
import javax.imageio.ImageWriter;
import javax.imageio.metadata.IIOMetadata;
import javax.imageio.metadata.IIOMetadataNode;
import javax.imageio.stream.ImageOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** How finely colours and pixels are told, before and after. */
class SamplingTest {

    private static final int ORIENTATION = 274;
    private static final int X_RESOLUTION = 282;
    private static final int Y_RESOLUTION = 283;
    private static final int RATIONAL = 5;

    @TempDir
    private Path directory;

    @Test
    void keepsColoursThatHaveHalfTheResolutionInOneDirectionOnlyWhole() throws Exception {
        byte[] jpeg = jpeg422(Photographs.image("chelsea"));
        assertThat(JpegFile.frame(jpeg).subsampling()).as("of the source").isEqualTo(0x21);
        byte[] smaller = compressed(jpeg);
        assertThat(smaller.length).isLessThan(jpeg.length);
        assertThat(JpegFile.frame(smaller).subsampling()).as("4:4:4").isEqualTo(0x11);
    }

    @Test
    void keepsColoursThatHaveHalfTheResolutionInBothDirections() throws Exception {
        byte[] jpeg = Photographs.write("jpeg", null, false, Photographs.image("chelsea"));
        assertThat(JpegFile.frame(jpeg).subsampling()).as("of the source").isEqualTo(0x22);
        assertThat(JpegFile.frame(compressed(jpeg)).subsampling()).as("4:2:0").isEqualTo(0x22);
    }

    @Test
    void swapsTheResolutionOfATiffThatLiesOnItsSide() throws Exception {
        byte[] tiff = Photographs.write("tiff", "LZW", false, Photographs.image("chelsea"));
        byte[] fine = withResolution(tiff, 300, 150);
        byte[] upright = compressed(TiffTags.with(fine, ORIENTATION, 3, 1, 1));
        assertThat(resolution(upright, X_RESOLUTION)).isEqualTo(300);
        assertThat(resolution(upright, Y_RESOLUTION)).isEqualTo(150);
        byte[] turned = compressed(TiffTags.with(fine, ORIENTATION, 3, 1, 6));
        assertThat(resolution(turned, X_RESOLUTION)).isEqualTo(150);
        assertThat(resolution(turned, Y_RESOLUTION)).isEqualTo(300);
        assertThat(TiffTags.number(turned, 256)).isEqualTo(TiffTags.number(upright, 257));
        assertThat(TiffTags.number(turned, ORIENTATION)).isEqualTo(1);
    }

    private byte[] compressed(byte[] file) throws IOException {
        Reception reception = new Reception(directory, Long.MAX_VALUE, 50_000_000);
        try (Content content = reception.receive(
                        new ByteArrayInputStream(file), (long) file.length, EnumSet.of(MediaKind.IMAGE));
                Compressed compressed =
                        new Compressor(directory, directory, 50_000_000).compress(content, Compression.DEFAULT)) {
            assertThat(compressed.kept()).as(compressed.note()).isEmpty();
            byte[] bytes = compressed.content().bytes();
            return bytes != null
                    ? bytes
                    : java.nio.file.Files.readAllBytes(compressed.content().file());
        }
    }

    /** The encoder of Java halves colours in both directions unless its metadata say otherwise. */
    private static byte[] jpeg422(BufferedImage image) throws IOException {
        ImageWriter writer = ImageIO.getImageWritersByFormatName("jpeg").next();
        ImageWriteParam parameters = writer.getDefaultWriteParam();
        parameters.setCompressionMode(ImageWriteParam.MODE_EXPLICIT);
        parameters.setCompressionQuality(.97f);
        IIOMetadata metadata =
                writer.getDefaultImageMetadata(ImageTypeSpecifier.createFromRenderedImage(image), parameters);
        IIOMetadataNode root = (IIOMetadataNode) metadata.getAsTree("javax_imageio_jpeg_image_1.0");
        IIOMetadataNode first =
                (IIOMetadataNode) root.getElementsByTagName("componentSpec").item(0);
        first.setAttribute("HsamplingFactor", "2");
        first.setAttribute("VsamplingFactor", "1");
        metadata.setFromTree("javax_imageio_jpeg_image_1.0", root);
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (ImageOutputStream out = ImageIO.createImageOutputStream(bytes)) {
            writer.setOutput(out);
            writer.write(null, new IIOImage(image, null, metadata), parameters);
        } finally {
            writer.dispose();
        }
        return bytes.toByteArray();
    }

    private static byte[] withResolution(byte[] tiff, int x, int y) {
        int start = tiff.length + (tiff.length & 1);
        byte[] longer = Arrays.copyOf(tiff, start + 16);
        ByteBuffer.wrap(longer)
                .order(tiff[0] == 'I' ? ByteOrder.LITTLE_ENDIAN : ByteOrder.BIG_ENDIAN)
                .position(start)
                .putInt(x)
                .putInt(1)
                .putInt(y)
                .putInt(1);
        byte[] one = TiffTags.with(longer, X_RESOLUTION, RATIONAL, 1, start);
        return TiffTags.with(one, Y_RESOLUTION, RATIONAL, 1, start + 8);
    }

    private static int resolution(byte[] tiff, int tag) {
        int at = TiffTags.number(tiff, tag);
        ByteBuffer in = ByteBuffer.wrap(tiff).order(tiff[0] == 'I' ? ByteOrder.LITTLE_ENDIAN : ByteOrder.BIG_ENDIAN);
        return in.getInt(at) / in.getInt(at + 4);
    }
}
