package dev.mediaferry.planning;

/**
 * A row that runs leave alone because of what stands in it.
 *
 * @param reason invalid: no link that could be requested; foreign: the link of a host that the registry does not name
 * @param value its beginning, without the query, in which a signature may be
 */
public record LeftOutRow(String field, String id, String reason, String value) {}
