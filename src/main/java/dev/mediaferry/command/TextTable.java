package dev.mediaferry.command;

import java.util.ArrayList;
import java.util.List;

/** Rows under headings, as wide as their contents. Numbers stand to the right. */
final class TextTable {

    private final List<List<String>> rows = new ArrayList<>();

    TextTable(String... headings) {
        rows.add(List.of(headings));
    }

    TextTable row(Object... cells) {
        List<String> row = new ArrayList<>();
        for (Object cell : cells) {
            row.add(
                    cell == null
                            ? "-"
                            : cell instanceof Number number ? "%,d".formatted(number.longValue()) : cell.toString());
        }
        rows.add(row);
        return this;
    }

    @Override
    public String toString() {
        int columns = rows.get(0).size();
        int[] widths = new int[columns];
        boolean[] right = new boolean[columns];
        for (int c = 0; c < columns; c++) {
            int column = c;
            widths[c] = rows.stream()
                    .mapToInt(row -> row.get(column).length())
                    .max()
                    .orElse(0);
            right[c] = rows.size() > 1
                    && rows.stream().skip(1).allMatch(row -> row.get(column).matches("-?[\\d,.]+|-"));
        }
        StringBuilder text = new StringBuilder();
        for (List<String> row : rows) {
            StringBuilder line = new StringBuilder();
            for (int c = 0; c < columns; c++) {
                String cell = row.get(c);
                String padding = " ".repeat(widths[c] - cell.length());
                line.append(c == 0 ? "" : "  ").append(right[c] ? padding + cell : cell + padding);
            }
            text.append(line.toString().stripTrailing()).append(System.lineSeparator());
        }
        return text.toString();
    }
}
