package dev.landlord.cli.render;

import dev.landlord.cli.terminal.PlainText;
import java.io.PrintStream;
import java.util.ArrayList;
import java.util.List;

/** Columns of left-aligned text, two blanks apart; empty cells read {@code -}. */
public final class Table {
    private static final int MAX_CELL = 100;

    private final List<List<String>> rows = new ArrayList<>();
    private final int columns;

    public Table(String... headers) {
        columns = headers.length;
        rows.add(List.of(headers));
    }

    /** One cell per header. */
    public void row(List<String> cells) {
        if (cells.size() != columns) {
            throw new IllegalArgumentException(cells.size() + " cells for " + columns + " columns");
        }
        rows.add(cells.stream().map(Table::shown).toList());
    }

    public boolean isEmpty() {
        return rows.size() == 1;
    }

    /** Every line begins with the indent. */
    public void print(PrintStream out, String indent) {
        int[] widths = widths(new int[columns]);
        rows.forEach(row -> out.println(indent + line(row, widths)));
    }

    /**
     * Goes on with a table of the same columns, without its head; begins one if there is none yet.
     *
     * @param before the widths so far; empty if there is none yet
     * @return the widths now
     */
    int[] print(PrintStream out, int[] before) {
        boolean begins = before.length == 0;
        int[] widths = widths(begins ? new int[columns] : before.clone());
        rows.stream().skip(begins ? 0 : 1).forEach(row -> out.println(line(row, widths)));
        return widths;
    }

    private int[] widths(int[] widths) {
        for (List<String> row : rows) {
            for (int column = 0; column < columns; column++) {
                widths[column] = Math.max(widths[column], length(row.get(column)));
            }
        }
        return widths;
    }

    private static String line(List<String> row, int[] widths) {
        StringBuilder line = new StringBuilder();
        for (int column = 0; column < row.size(); column++) {
            line.append(row.get(column));
            if (column < row.size() - 1) {
                line.repeat(' ', widths[column] - length(row.get(column)) + 2);
            }
        }
        return line.toString();
    }

    private static String shown(String cell) {
        if (cell.isEmpty()) {
            return "-";
        }
        String plain = PlainText.of(cell);
        return length(plain) <= MAX_CELL ? plain : plain.substring(0, plain.offsetByCodePoints(0, MAX_CELL - 1)) + "…";
    }

    private static int length(String cell) {
        return cell.codePointCount(0, cell.length());
    }
}
