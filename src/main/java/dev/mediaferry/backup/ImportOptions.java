package dev.mediaferry.backup;

import java.nio.file.Path;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * What an import is asked to do.
 *
 * @param folder as it lies there
 * @param name of the import; empty when there is one only, or the folder tells
 * @param category the only one that is imported; empty for all
 * @param dryRun true to plan only: neither bucket, records nor ledger change
 * @param limit the most files
 * @param inventory where the list of all files is written to; empty for nowhere
 * @param backup where the tables of records are written to before a run; empty for nowhere
 */
public record ImportOptions(
        Path folder,
        Optional<String> name,
        Optional<String> category,
        boolean dryRun,
        OptionalLong limit,
        Optional<Path> inventory,
        Optional<Path> backup) {

    public ImportOptions(
            Path folder,
            Optional<String> name,
            Optional<String> category,
            boolean dryRun,
            OptionalLong limit,
            Optional<Path> inventory) {
        this(folder, name, category, dryRun, limit, inventory, Optional.empty());
    }

    ImportOptions in(Path inner) {
        return new ImportOptions(inner, name, category, dryRun, limit, inventory, backup);
    }

    public ImportOptions withBackup(Path file) {
        RecordDump.check(file);
        return new ImportOptions(folder, name, category, dryRun, limit, inventory, Optional.of(file));
    }
}
