package dev.mediaferry.entry;

import java.util.Optional;

/**
 * Claims waiting transfers of an entry; see {@link QueueSql#claim}.
 *
 * @param due takes every row that is due
 * @param chosen takes none but those that the run has chosen; empty where no plan or limit chooses among rows
 */
public record Claim(String due, Optional<String> chosen) {}
