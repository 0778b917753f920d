package dev.mediaferry.command;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.encoder.JsonEncoder;
import ch.qos.logback.classic.encoder.PatternLayoutEncoder;
import ch.qos.logback.classic.spi.Configurator;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.Appender;
import ch.qos.logback.core.ConsoleAppender;
import ch.qos.logback.core.encoder.Encoder;
import ch.qos.logback.core.rolling.RollingFileAppender;
import ch.qos.logback.core.rolling.TimeBasedRollingPolicy;
import ch.qos.logback.core.spi.ContextAwareBase;
import dev.mediaferry.failure.ConfigurationException;
import dev.mediaferry.failure.Redaction;
import dev.mediaferry.settings.Settings;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.slf4j.LoggerFactory;

/**
 * What goes into the log, and where the log goes: standard error, or a file. Standard output is for results. No line shows a
 * signature, stack traces included.
 *
 * <p>Logback finds this class by itself. Reading an XML file would take it longer than parsing the command line takes.
 */
public final class Logging extends ContextAwareBase implements Configurator {

    private static final String PATTERN =
            "%d{yyyy-MM-dd'T'HH:mm:ss.SSSXXX} %-5level %logger{24} %replace(%msg){'\\p{Cntrl}+', ' '}%n";
    private static final int DAYS_KEPT = 14;

    @Override
    public ExecutionStatus configure(LoggerContext context) {
        Logger root = context.getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME);
        root.setLevel(Level.WARN);
        root.addAppender(console(context, false));
        return ExecutionStatus.DO_NOT_INVOKE_NEXT_IF_ANY;
    }

    private static Appender<ILoggingEvent> console(LoggerContext context, boolean json) {
        ConsoleAppender<ILoggingEvent> appender = new ConsoleAppender<>();
        appender.setContext(context);
        appender.setTarget("System.err");
        appender.setEncoder(encoder(context, json));
        appender.start();
        return appender;
    }

    private static void replace(LoggerContext context, Appender<ILoggingEvent> appender) {
        Logger root = context.getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME);
        root.detachAndStopAllAppenders();
        root.addAppender(appender);
    }

    private static Boolean isJson(String format) {
        return switch (format) {
            case "json" -> Boolean.TRUE;
            case "text" -> Boolean.FALSE;
            default -> null;
        };
    }

    /** @param level of what Mediaferry itself says; libraries only warn unless it is DEBUG */
    static void configure(Settings settings, Level level) {
        LoggerContext context = (LoggerContext) LoggerFactory.getILoggerFactory();
        context.getLogger("dev.mediaferry").setLevel(level);
        // A level of its own ends with the command that asked for it.
        context.getLogger("org.apache.camel").setLevel(level == Level.DEBUG ? Level.INFO : null);
        boolean json = settings.parse("log.format", settings.text("log.format"), "text or json", Logging::isJson);
        if (settings.optional("log.file").isPresent()) {
            toFile(context, settings.path("log.file").toString(), json);
        } else if (json) {
            replace(context, console(context, true));
        }
    }

    private static void toFile(LoggerContext context, String file, boolean json) {
        RollingFileAppender<ILoggingEvent> appender = new RollingFileAppender<>();
        appender.setContext(context);
        appender.setFile(file);
        appender.setEncoder(encoder(context, json));
        TimeBasedRollingPolicy<ILoggingEvent> policy = new TimeBasedRollingPolicy<>();
        policy.setContext(context);
        policy.setParent(appender);
        policy.setFileNamePattern(file + ".%d{yyyy-MM-dd}");
        policy.setMaxHistory(DAYS_KEPT);
        policy.start();
        appender.setRollingPolicy(policy);
        appender.start();
        if (!appender.isStarted() || !Files.isWritable(Path.of(file))) {
            throw new ConfigurationException("mediaferry.log.file: cannot write to " + file);
        }
        replace(context, appender);
    }

    private static Encoder<ILoggingEvent> encoder(LoggerContext context, boolean json) {
        if (json) {
            JsonEncoder encoder = new RedactedJson();
            encoder.setContext(context);
            encoder.setWithSequenceNumber(false);
            encoder.setWithNanoseconds(false);
            encoder.setWithContext(false);
            encoder.setWithMessage(false);
            encoder.setWithArguments(false);
            encoder.setWithFormattedMessage(true);
            encoder.start();
            return encoder;
        }
        PatternLayoutEncoder encoder = new RedactedText();
        encoder.setContext(context);
        encoder.setPattern(PATTERN);
        encoder.start();
        return encoder;
    }

    private static byte[] redacted(byte[] line) {
        return Redaction.of(new String(line, StandardCharsets.UTF_8)).getBytes(StandardCharsets.UTF_8);
    }

    private static final class RedactedText extends PatternLayoutEncoder {
        @Override
        public byte[] encode(ILoggingEvent event) {
            return redacted(super.encode(event));
        }
    }

    private static final class RedactedJson extends JsonEncoder {
        @Override
        public byte[] encode(ILoggingEvent event) {
            return redacted(super.encode(event));
        }
    }
}
