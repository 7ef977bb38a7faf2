/** The width of each of the first `columns` columns: that of its longest cell, at most `most`. */
export const columnWidths = (rows: readonly (readonly string[])[], columns: number, most = Infinity): readonly number[] =>
  Array.from({ length: columns }, (_, column) => Math.min(most, Math.max(0, ...rows.map((row) => row[column]!.length))));
